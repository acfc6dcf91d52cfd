/* SPDX-License-Identifier: MIT
 *
 * A graph into a .tflite file. Constants that share their bytes share a buffer. Behind the model's table come
 * its operator codes, its subgraphs, then the buffers.
 */
#include "tflite/tflite.h"

#include <string.h>

#include "graph/op_table.h"
#include "tflite/fb_out.h"
#include "tflite/schema.h"
#include "tflite/version.h"

/* What operators of one kind have in common; an entry of the file's operator_codes. */
typedef struct code {
    mdg_opcode opcode;
    const char *custom_name;
    int version;
} code;

typedef struct constant {
    const void *data;
    size_t bytes;
} constant;

typedef struct writer {
    mdg_fb_out out;
    const mdg_graph *graph;
    int n_codes, n_constants;
    code *codes;
    constant *constants; /* [0] is the empty buffer of tensors without data */
} writer;

/* --- What is shared: operator codes, buffers --- */

static code code_of(const mdg_subgraph *s, const mdg_op *op) {
    const char *name = mdg_op_info_of(op->code)->kind == MDG_CLASS_CUSTOM ? mdg_op_name(op) : NULL;
    return (code){op->code, name, op->version ? op->version : mdg_tflite_op_version(s, op)};
}

static bool same_code(const code *a, const code *b) {
    if (a->opcode != b->opcode || a->version != b->version) return false;
    return !a->custom_name || strcmp(a->custom_name, b->custom_name) == 0;
}

/* The entry's number; a new one is added. */
static int code_index(writer *w, const code *c) {
    for (int i = 0; i < w->n_codes; i++) {
        if (same_code(&w->codes[i], c)) return i;
    }
    w->codes[w->n_codes] = *c;
    return w->n_codes++;
}

static int constant_index(writer *w, const mdg_tensor *t) {
    if (!t->data) return 0;
    for (int i = 1; i < w->n_constants; i++) {
        if (w->constants[i].data == t->data && w->constants[i].bytes == t->bytes) return i;
    }
    w->constants[w->n_constants] = (constant){t->data, t->bytes};
    return w->n_constants++;
}

static void collect_shared(writer *w) {
    size_t ops = 0, tensors = 1;
    for (int i = 0; i < w->graph->n_subgraphs; i++) {
        ops += (size_t)w->graph->subgraphs[i].n_ops;
        tensors += (size_t)w->graph->subgraphs[i].n_tensors;
    }
    w->codes = mdg_arena_array(w->out.arena, ops, sizeof *w->codes);
    w->constants = mdg_arena_array(w->out.arena, tensors, sizeof *w->constants);
    w->n_constants = 1;
    for (int i = 0; i < w->graph->n_subgraphs; i++) {
        const mdg_subgraph *s = &w->graph->subgraphs[i];
        for (int k = 0; k < s->n_ops; k++) {
            const code c = code_of(s, &s->ops[k]);
            code_index(w, &c);
        }
        for (int k = 0; k < s->n_tensors; k++) constant_index(w, &s->tensors[k]);
    }
}

/* --- Tensors --- */

static void write_quant(writer *w, size_t place, const mdg_quant *q) {
    const size_t n = (size_t)q->count;
    mdg_fb_out_table t = {0};
    mdg_fb_out_offset(&t, QUANT_SCALE);
    mdg_fb_out_offset(&t, QUANT_ZERO_POINT);
    mdg_fb_out_scalar(&t, QUANT_DIMENSION, 4, q->axis, 0);
    mdg_fb_out_table_end(&w->out, &t, place);
    const size_t scales = mdg_fb_out_vector(&w->out, t.place[QUANT_SCALE], n, 4, 4);
    memcpy(w->out.data + scales, q->scale, n * sizeof *q->scale);
    const size_t zeros = mdg_fb_out_vector(&w->out, t.place[QUANT_ZERO_POINT], n, 8, 8);
    for (size_t i = 0; i < n; i++)
        mdg_fb_out_set(&w->out, zeros + 8 * i, 8, (uint64_t)(int64_t)q->zero_point[i]);
}

static void write_range(writer *w, size_t place, const float *range) {
    mdg_fb_out_table t = {0};
    mdg_fb_out_offset(&t, QUANT_MIN);
    mdg_fb_out_offset(&t, QUANT_MAX);
    mdg_fb_out_table_end(&w->out, &t, place);
    for (int i = 0; i < 2; i++) {
        const size_t at = mdg_fb_out_vector(&w->out, t.place[i ? QUANT_MAX : QUANT_MIN], 1, 4, 4);
        memcpy(w->out.data + at, &range[i], sizeof *range);
    }
}

static void write_tensor(writer *w, size_t place, const mdg_tensor *tensor) {
    mdg_fb_out_table t = {0};
    if (tensor->has_rank) mdg_fb_out_offset(&t, TENSOR_SHAPE);
    mdg_fb_out_scalar(&t, TENSOR_TYPE, 1, tensor->type, 0);
    mdg_fb_out_scalar(&t, TENSOR_BUFFER, 4, constant_index(w, tensor), 0);
    mdg_fb_out_offset(&t, TENSOR_NAME);
    if (tensor->quant.count || tensor->range) mdg_fb_out_offset(&t, TENSOR_QUANTIZATION);
    mdg_fb_out_scalar(&t, TENSOR_IS_VARIABLE, 1, tensor->is_variable, 0);
    if (tensor->signature) mdg_fb_out_offset(&t, TENSOR_SHAPE_SIGNATURE);
    mdg_fb_out_scalar(&t, TENSOR_HAS_RANK, 1, tensor->has_rank, 0);
    mdg_fb_out_table_end(&w->out, &t, place);
    if (tensor->has_rank)
        mdg_fb_out_ints(&w->out, t.place[TENSOR_SHAPE], tensor->shape.dim, tensor->shape.rank);
    mdg_fb_out_text(&w->out, t.place[TENSOR_NAME], tensor->name);
    if (tensor->quant.count)
        write_quant(w, t.place[TENSOR_QUANTIZATION], &tensor->quant);
    else if (tensor->range)
        write_range(w, t.place[TENSOR_QUANTIZATION], tensor->range);
    if (tensor->signature)
        mdg_fb_out_ints(&w->out, t.place[TENSOR_SHAPE_SIGNATURE], tensor->signature, tensor->shape.rank);
}

/* --- Operators --- */

static void put_attr(mdg_fb_out_table *t, const mdg_attr_field *f, const void *attrs) {
    const void *at = (const uint8_t *)attrs + f->offset;
    const int64_t absent = (int64_t)f->initial;
    switch (f->kind) {
    case MDG_ATTR_F32: mdg_fb_out_float(t, f->slot, *(const float *)at, (float)f->initial); break;
    case MDG_ATTR_I64: mdg_fb_out_scalar(t, f->slot, 8, *(const int64_t *)at, absent); break;
    case MDG_ATTR_I32: mdg_fb_out_scalar(t, f->slot, 4, *(const int32_t *)at, absent); break;
    case MDG_ATTR_IVEC:
        if (((const mdg_ivec *)at)->count) mdg_fb_out_offset(t, f->slot);
        break;
    case MDG_ATTR_STR:
        if (*(const char *const *)at) mdg_fb_out_offset(t, f->slot);
        break;
    default: mdg_fb_out_scalar(t, f->slot, 1, *(const int32_t *)at, absent); break;
    }
}

static void write_attrs(writer *w, size_t place, const mdg_attr_list *list, const void *attrs) {
    mdg_fb_out_table t = {0};
    for (int i = 0; i < list->n_fields; i++) put_attr(&t, &list->fields[i], attrs);
    mdg_fb_out_table_end(&w->out, &t, place);
    for (int i = 0; i < list->n_fields; i++) {
        const mdg_attr_field *f = &list->fields[i];
        const void *at = (const uint8_t *)attrs + f->offset;
        if (t.bytes[f->slot] == 0) continue;
        if (f->kind == MDG_ATTR_STR) mdg_fb_out_text(&w->out, t.place[f->slot], *(const char *const *)at);
        if (f->kind == MDG_ATTR_IVEC)
            mdg_fb_out_ints(&w->out, t.place[f->slot], ((const mdg_ivec *)at)->values,
                            ((const mdg_ivec *)at)->count);
    }
}

static void write_op(writer *w, size_t place, const mdg_subgraph *s, const mdg_op *op) {
    const mdg_attr_list *list = mdg_attrs_of(op->code);
    const code c = code_of(s, op);
    mdg_fb_out_table t = {0};
    mdg_fb_out_scalar(&t, OPERATOR_CODE_INDEX, 4, code_index(w, &c), 0);
    mdg_fb_out_offset(&t, OPERATOR_INPUTS);
    mdg_fb_out_offset(&t, OPERATOR_OUTPUTS);
    mdg_fb_out_scalar(&t, OPERATOR_OPTIONS_TYPE, 1, list->table, 0);
    if (list->n_fields) mdg_fb_out_offset(&t, OPERATOR_OPTIONS);
    if (op->custom) mdg_fb_out_offset(&t, OPERATOR_CUSTOM_OPTIONS);
    if (op->n_intermediates) mdg_fb_out_offset(&t, OPERATOR_INTERMEDIATES);
    mdg_fb_out_table_end(&w->out, &t, place);
    mdg_fb_out_ints(&w->out, t.place[OPERATOR_INPUTS], op->inputs, op->n_inputs);
    mdg_fb_out_ints(&w->out, t.place[OPERATOR_OUTPUTS], op->outputs, op->n_outputs);
    if (list->n_fields) write_attrs(w, t.place[OPERATOR_OPTIONS], list, op->attrs);
    if (op->custom)
        mdg_fb_out_bytes(&w->out, t.place[OPERATOR_CUSTOM_OPTIONS], op->custom, op->custom_bytes, 16);
    if (op->n_intermediates)
        mdg_fb_out_ints(&w->out, t.place[OPERATOR_INTERMEDIATES], op->intermediates, op->n_intermediates);
}

/* --- Model --- */

static void write_subgraph(writer *w, size_t place, const mdg_subgraph *s) {
    mdg_fb_out_table t = {0};
    for (int slot = SUBGRAPH_TENSORS; slot < SUBGRAPH_FIELDS; slot++) mdg_fb_out_offset(&t, slot);
    mdg_fb_out_table_end(&w->out, &t, place);
    const size_t tensors = mdg_fb_out_vector(&w->out, t.place[SUBGRAPH_TENSORS], (size_t)s->n_tensors, 4, 4);
    for (int i = 0; i < s->n_tensors; i++) write_tensor(w, tensors + 4 * (size_t)i, &s->tensors[i]);
    mdg_fb_out_ints(&w->out, t.place[SUBGRAPH_INPUTS], s->inputs, s->n_inputs);
    mdg_fb_out_ints(&w->out, t.place[SUBGRAPH_OUTPUTS], s->outputs, s->n_outputs);
    const size_t ops = mdg_fb_out_vector(&w->out, t.place[SUBGRAPH_OPERATORS], (size_t)s->n_ops, 4, 4);
    for (int i = 0; i < s->n_ops; i++) write_op(w, ops + 4 * (size_t)i, s, &s->ops[i]);
    mdg_fb_out_text(&w->out, t.place[SUBGRAPH_NAME], s->name);
}

static void write_code(writer *w, size_t place, const code *c) {
    const int builtin = mdg_op_info_of(c->opcode)->builtin;
    mdg_fb_out_table t = {0};
    mdg_fb_out_scalar(&t, CODE_DEPRECATED_BUILTIN, 1,
                      builtin < TFL_GREATER_OP_CODES ? builtin : TFL_GREATER_OP_CODES, 0);
    if (c->custom_name) mdg_fb_out_offset(&t, CODE_CUSTOM);
    mdg_fb_out_scalar(&t, CODE_VERSION, 4, c->version, 1);
    mdg_fb_out_scalar(&t, CODE_BUILTIN, 4, builtin, 0);
    mdg_fb_out_table_end(&w->out, &t, place);
    if (c->custom_name) mdg_fb_out_text(&w->out, t.place[CODE_CUSTOM], c->custom_name);
}

static void write_buffer(writer *w, size_t place, const constant *c) {
    enum { DATA_ALIGNMENT = 16 };
    mdg_fb_out_table t = {0};
    if (c->data) mdg_fb_out_offset(&t, BUFFER_DATA);
    mdg_fb_out_table_end(&w->out, &t, place);
    if (c->data) mdg_fb_out_bytes(&w->out, t.place[BUFFER_DATA], c->data, c->bytes, DATA_ALIGNMENT);
}

static void write_model(writer *w) {
    static const char header[8] = {0, 0, 0, 0, 'T', 'F', 'L', '3'};
    const mdg_graph *g = w->graph;
    mdg_fb_out *o = &w->out;
    mdg_fb_out_append(o, header, sizeof header);
    mdg_fb_out_table t = {0};
    mdg_fb_out_scalar(&t, MODEL_VERSION, 4, TFL_VERSION, 0);
    for (int slot = MODEL_OPERATOR_CODES; slot <= MODEL_BUFFERS; slot++) mdg_fb_out_offset(&t, slot);
    mdg_fb_out_table_end(o, &t, 0);
    mdg_fb_out_text(o, t.place[MODEL_DESCRIPTION], g->description);
    const size_t codes = mdg_fb_out_vector(o, t.place[MODEL_OPERATOR_CODES], (size_t)w->n_codes, 4, 4);
    for (int i = 0; i < w->n_codes; i++) write_code(w, codes + 4 * (size_t)i, &w->codes[i]);
    const size_t subgraphs = mdg_fb_out_vector(o, t.place[MODEL_SUBGRAPHS], (size_t)g->n_subgraphs, 4, 4);
    for (int i = 0; i < g->n_subgraphs; i++) write_subgraph(w, subgraphs + 4 * (size_t)i, &g->subgraphs[i]);
    const size_t buffers = mdg_fb_out_vector(o, t.place[MODEL_BUFFERS], (size_t)w->n_constants, 4, 4);
    for (int i = 0; i < w->n_constants; i++) write_buffer(w, buffers + 4 * (size_t)i, &w->constants[i]);
}

/* What the file cannot say, or would say wrongly. */
static mdg_status check_writable(const mdg_graph *g, mdg_diag *diag) {
    size_t bytes = 0;
    for (int i = 0; i < g->n_subgraphs; i++) {
        const mdg_subgraph *s = &g->subgraphs[i];
        for (int k = 0; k < s->n_ops; k++) {
            if (s->ops[k].options_lost)
                return mdg_fail(
                    diag, MDG_UNSUPPORTED,
                    "%s: subgraph %d: op %d %.80s: has options that midge does not keep; it can't be written",
                    g->source, i, k, mdg_op_name(&s->ops[k]));
        }
        for (int k = 0; k < s->n_tensors; k++) bytes += s->tensors[k].data ? s->tensors[k].bytes : 0;
    }
    if (bytes > INT32_MAX)
        return mdg_fail(diag, MDG_UNSUPPORTED, "%s: weights beyond 2 GB can't be written", g->source);
    return MDG_OK;
}

mdg_status mdg_tflite_write(const mdg_graph *g, mdg_arena *arena, mdg_bytes *out, mdg_diag *diag) {
    MDG_TRY(mdg_graph_check(g, diag));
    MDG_TRY(check_writable(g, diag));
    writer w = {.out = {.arena = arena}, .graph = g};
    collect_shared(&w);
    write_model(&w);
    *out = (mdg_bytes){w.out.data, w.out.size};
    return MDG_OK;
}

mdg_status mdg_tflite_save(const mdg_graph *g, const char *path, mdg_diag *diag) {
    mdg_bytes bytes;
    MDG_TRY(mdg_tflite_write(g, g->arena, &bytes, diag));
    return mdg_file_write(path, bytes.data, bytes.size, diag);
}
