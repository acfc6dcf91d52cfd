/* SPDX-License-Identifier: MIT
 *
 * Buffers and calls for lowering functions.
 */
#include "lower/lower.h"

#include <string.h>

const char *mdg_c_type(mdg_type type) {
    switch (type) {
    case MDG_FLOAT32: return "float";
    case MDG_FLOAT64: return "double";
    case MDG_FLOAT16:
    case MDG_UINT16: return "uint16_t";
    case MDG_INT16: return "int16_t";
    case MDG_INT32:
    case MDG_RESOURCE: return "int32_t";
    case MDG_UINT32: return "uint32_t";
    case MDG_INT64: return "int64_t";
    case MDG_UINT64: return "uint64_t";
    case MDG_INT4:
    case MDG_INT8: return "int8_t";
    default: return "uint8_t";
    }
}

/* Two values a byte, low nibble first, to one value a byte */
static const int8_t *unpacked_int4(mdg_arena *arena, const mdg_tensor *t) {
    const int32_t n = mdg_lo_elements(t);
    const uint8_t *packed = t->data;
    int8_t *values = mdg_arena_alloc(arena, (size_t)n);
    for (int32_t i = 0; i < n; i++) {
        const int nibble = packed[i / 2] >> (i % 2 * 4) & 15;
        values[i] = (int8_t)(nibble < 8 ? nibble : nibble - 16);
    }
    return values;
}

/* A variable starts with every byte at the low byte of its zero point, as TFLM fills it. */
static int add_variable(mdg_lowering *lo, const mdg_tensor *t) {
    const size_t bytes = mdg_tensor_bytes(t);
    const int zero = t->quant.count ? (int)mdg_lo_zero(t) : 0;
    void *initial = NULL;
    if (zero) {
        initial = mdg_arena_alloc(lo->program->arena, bytes);
        memset(initial, zero, bytes);
    }
    return mdg_lo_state(lo, t->name, mdg_c_type(t->type), initial, bytes);
}

int mdg_lo_tensor_buffer(mdg_lowering *lo, int index) {
    const mdg_tensor *t = &lo->sub->tensors[index];
    int *buffer = &lo->tensor_buffer[index];
    if (*buffer >= 0) return *buffer;
    if (t->is_variable)
        *buffer = add_variable(lo, t);
    else if (mdg_shape_elements(&t->shape) == 0)
        *buffer = mdg_lo_const(lo, t->name, mdg_c_type(t->type), NULL, 0);
    else if (t->data && t->type == MDG_INT4)
        *buffer = mdg_lo_const(lo, t->name, "int8_t", unpacked_int4(lo->program->arena, t),
                               (size_t)mdg_lo_elements(t));
    else if (t->data)
        *buffer = mdg_lo_const(lo, t->name, mdg_c_type(t->type), t->data, t->bytes);
    return *buffer;
}

int *mdg_lo_no_buffers(mdg_arena *arena, int n_tensors) {
    int *list = mdg_arena_array(arena, (size_t)n_tensors, sizeof *list);
    for (int i = 0; i < n_tensors; i++) list[i] = -1;
    return list;
}

int mdg_lo_input_buffer(mdg_lowering *lo, int k) {
    return k < lo->op->n_inputs && lo->op->inputs[k] >= 0 ? mdg_lo_tensor_buffer(lo, lo->op->inputs[k]) : -1;
}

int mdg_lo_output_buffer(mdg_lowering *lo, int k) {
    const int index = lo->op->outputs[k];
    const mdg_tensor *t = &lo->sub->tensors[index];
    const int buffer = mdg_lo_tensor_buffer(lo, index);
    if (buffer >= 0) return buffer;
    lo->tensor_buffer[index] = mdg_lo_scratch(lo, t->name, mdg_c_type(t->type), mdg_tensor_bytes(t));
    return lo->tensor_buffer[index];
}

void mdg_lo_alias(mdg_lowering *lo, int j, int k) {
    lo->tensor_buffer[lo->op->outputs[k]] = mdg_lo_input_buffer(lo, j);
}

int mdg_lo_const(mdg_lowering *lo, const char *name, const char *element, const void *data, size_t bytes) {
    return mdg_program_add_buffer(lo->program, MDG_BUF_CONST, name, element, bytes, data);
}

int mdg_lo_const_i32(mdg_lowering *lo, const char *name, const int32_t *values, int count) {
    const size_t bytes = (size_t)count * sizeof *values;
    return mdg_lo_const(lo, name, "int32_t", mdg_arena_copy(lo->program->arena, values, bytes), bytes);
}

int mdg_lo_scratch(mdg_lowering *lo, const char *name, const char *element, size_t bytes) {
    return mdg_program_add_buffer(lo->program, MDG_BUF_ARENA, name, element, bytes, NULL);
}

int mdg_lo_state(mdg_lowering *lo, const char *name, const char *element, const void *initial, size_t bytes) {
    return mdg_program_add_buffer(lo->program, MDG_BUF_STATE, name, element, bytes, initial);
}

void *mdg_lo_params(mdg_lowering *lo, size_t bytes) {
    return mdg_arena_alloc(lo->program->arena, bytes);
}

mdg_call *mdg_lo_call_kernel(mdg_lowering *lo, mdg_kernel_id kernel, const void *params) {
    mdg_call *c = mdg_program_add_call(lo->program, kernel, params);
    c->subgraph = lo->subgraph;
    c->op = lo->op_index;
    return c;
}

mdg_call *mdg_lo_step(mdg_lowering *lo, mdg_step step, int condition) {
    mdg_call *c = mdg_program_add_step(lo->program, step, condition);
    c->subgraph = lo->subgraph;
    c->op = lo->op_index;
    return c;
}

mdg_call *mdg_lo_call(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    for (int k = 0; k < lo->rule->max_inputs; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    for (int k = 0; k < lo->op->n_outputs; k++) mdg_call_add_out(c, mdg_lo_output_buffer(lo, k));
    return c;
}

mdg_call *mdg_lo_call_elementwise(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call(lo, params);
    for (int k = lo->op->n_inputs - 1; k >= 0; k--) mdg_call_allow_inplace(lo->program, c, k);
    return c;
}

void mdg_lo_copy(mdg_lowering *lo, int from, int to) {
    const int32_t bytes = (int32_t)lo->program->buffers[from].bytes;
    if (bytes == 0) return;
    mdg_copy_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_copy_params){.blocks = 1, .block_bytes = bytes, .in_step = bytes, .out_step = bytes};
    mdg_call *c = mdg_lo_call_kernel(lo, MDG_K_copy, p);
    mdg_call_add_in(c, from);
    mdg_call_add_out(c, to);
}

void mdg_call_allow_inplace(const mdg_program *p, mdg_call *c, int k) {
    const mdg_buffer *in = &p->buffers[c->in[k]], *out = &p->buffers[c->out[0]];
    if (in->kind != MDG_BUF_ARENA || in->bytes != out->bytes || strcmp(in->element, out->element) != 0)
        return;
    c->inplace_in = k;
    c->inplace_out = 0;
}
