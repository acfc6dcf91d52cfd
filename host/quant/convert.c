/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/op_table.h"
#include "quant/quantizer.h"

typedef struct converter {
    const mdg_quantizer *quantizer;
    mdg_graph *graph;
    mdg_subgraph *subgraph;
    bool *wide;    /* [n_tensors of the float graph] the tensor is int16 */
    int *twins;    /* [n_tensors of the float graph] it in the other of the two types; 0 = none */
    bool *claimed; /* [n_tensors of the float graph] weights or bias that another operator has quantised
                      already */
} converter;

void mdg_quant_to_int8(const mdg_tensor *t, const float *x, size_t n, int8_t *out) {
    const mdg_affine a = {t->quant.scale[0], t->quant.zero_point[0]};
    for (size_t i = 0; i < n; i++) out[i] = mdg_affine_to_int8(a, x[i]);
}

void mdg_quant_from_int8(const mdg_tensor *t, const int8_t *q, size_t n, float *out) {
    for (size_t i = 0; i < n; i++) out[i] = t->quant.scale[0] * (float)(q[i] - t->quant.zero_point[0]);
}

static size_t elements_of(const mdg_tensor *t) {
    return (size_t)mdg_shape_elements(&t->shape);
}

static mdg_affine affine_of(const converter *c, int tensor, bool wide) {
    const mdg_quant_node *group = mdg_quantizer_group(c->quantizer, tensor);
    if (!wide) return group->affine;
    if (group->fixed_by >= 0) return (mdg_affine){1.0f / 32768.0f, 0};
    return mdg_affine_int16_of_range(mdg_affine_lo(group->affine), mdg_affine_hi(group->affine));
}

static void convert_to_int16(converter *c, int tensor, mdg_affine a) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    const float *x = t->data;
    const size_t n = elements_of(t);
    t->type = MDG_INT16;
    t->bytes = mdg_tensor_bytes(t);
    mdg_tensor_quantize(c->graph, t, a.scale, 0);
    if (!x) return;
    int16_t *q = mdg_arena_array(c->graph->arena, n, sizeof *q);
    for (size_t i = 0; i < n; i++) q[i] = mdg_affine_to_int16(a, x[i]);
    mdg_tensor_set_data(t, q);
}

static void convert_activation(converter *c, int tensor, mdg_affine a) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    const float *x = t->data;
    t->type = MDG_INT8;
    t->bytes = mdg_tensor_bytes(t);
    mdg_tensor_quantize(c->graph, t, a.scale, a.zero_point);
    if (!x) return;
    int8_t *q = mdg_arena_alloc(c->graph->arena, t->bytes);
    mdg_quant_to_int8(t, x, elements_of(t), q);
    mdg_tensor_set_data(t, q);
}

/* As the operator that writes it has it; a constant, as one that reads it */
static void find_wide(converter *c) {
    const mdg_subgraph *from = c->quantizer->subgraph;
    for (int i = 0; i < from->n_ops; i++) {
        const mdg_op *op = &from->ops[i];
        if (!mdg_quantizer_is_wide(c->quantizer, i)) continue;
        for (int k = 0; k < op->n_outputs; k++) c->wide[op->outputs[k]] = true;
        for (int k = 0; k < op->n_inputs; k++)
            if (op->inputs[k] >= 0 && from->tensors[op->inputs[k]].data) c->wide[op->inputs[k]] = true;
    }
}

static void convert_as(converter *c, int tensor, int source, bool wide) {
    (wide ? convert_to_int16 : convert_activation)(c, tensor, affine_of(c, source, wide));
}

static void copy_tensors(converter *c) {
    const mdg_subgraph *from = c->quantizer->subgraph;
    for (int t = 0; t < from->n_tensors; t++) {
        const mdg_tensor *source = &from->tensors[t];
        mdg_tensor_add(c->graph, c->subgraph, source->name, source->type, source->shape);
        c->subgraph->tensors[t] = *source;
        c->subgraph->tensors[t].range = NULL;
        if (!c->quantizer->nodes[t].activation) continue;
        convert_as(c, t, t, c->wide[t]);
    }
}

/* Tensor t of the float graph for who wants it wide, or not: itself, or a twin behind a QUANTIZE operator */
static int operand(converter *c, int t, bool wide) {
    if (t < 0 || !c->quantizer->nodes[t].activation || c->wide[t] == wide) return t;
    if (c->twins[t]) return c->twins[t];
    const mdg_tensor *source = &c->quantizer->subgraph->tensors[t];
    const char *name = mdg_arena_printf(c->graph->arena, "%s/%s", source->name, wide ? "int16" : "int8");
    c->twins[t] = mdg_tensor_add(c->graph, c->subgraph, name, MDG_FLOAT32, source->shape);
    convert_as(c, c->twins[t], t, wide);
    mdg_op *op = mdg_op_add(c->graph, c->subgraph, MDG_OP_QUANTIZE, 1, 1);
    op->inputs[0] = t;
    op->outputs[0] = c->twins[t];
    return c->twins[t];
}

/* The graph's inputs and outputs are int8 whatever it computes with. */
static void set_io(converter *c) {
    const mdg_subgraph *from = c->quantizer->subgraph;
    int32_t *outputs =
        mdg_arena_copy(c->graph->arena, from->outputs, (size_t)from->n_outputs * sizeof *outputs);
    for (int k = 0; k < from->n_outputs; k++) outputs[k] = operand(c, outputs[k], false);
    mdg_subgraph_set_io(c->graph, c->subgraph, from->n_inputs, from->inputs, from->n_outputs, outputs);
}

/* The tensor that the operator shall have for its parameter; a second user gets its own copy, since biases
 * (and with other axes, weights) differ from operator to operator. */
static int claim(converter *c, mdg_op *op, int input) {
    const int t = op->inputs[input];
    const mdg_tensor *source = &c->quantizer->subgraph->tensors[t];
    if (!c->claimed[t] && !c->quantizer->nodes[t].activation) {
        c->claimed[t] = true;
        return t;
    }
    op->inputs[input] = mdg_tensor_add(c->graph, c->subgraph, source->name, source->type, source->shape);
    return op->inputs[input];
}

/* Two to a byte, the low half first. */
static void *packed_int4(mdg_arena *arena, const int8_t *steps, size_t n) {
    uint8_t *bytes = mdg_arena_alloc(arena, (n + 1) / 2);
    for (size_t i = 0; i < n; i++) bytes[i / 2] |= (uint8_t)((steps[i] & 15) << (i % 2 ? 4 : 0));
    return bytes;
}

static void write_weights(converter *c, int tensor, const mdg_quant_weights *w) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    mdg_arena *arena = c->graph->arena;
    t->type = w->bits == 4 ? MDG_INT4 : MDG_INT8;
    t->bytes = mdg_tensor_bytes(t);
    mdg_tensor_set_data(t, w->bits == 4 ? packed_int4(arena, w->steps, w->n)
                                        : mdg_arena_copy(arena, w->steps, w->n));
    mdg_tensor_quantize_channels(c->graph, t, w->count > 1 ? w->axis : 0, w->count, w->scale);
}

static const void *whole_biases(const converter *c, const mdg_quant_weights *w, const float *scale,
                                const mdg_tensor *t) {
    const size_t n = elements_of(t);
    int32_t *narrow = mdg_arena_array(c->graph->arena, n, sizeof *narrow);
    int64_t *wide = mdg_arena_array(c->graph->arena, n, sizeof *wide);
    for (size_t i = 0; i < n; i++) {
        const float unit = scale[w->count > 1 ? i : 0];
        narrow[i] = mdg_bias_to_int32(w->bias[i], unit);
        wide[i] = mdg_bias_to_int64(w->bias[i], unit);
    }
    return t->type == MDG_INT64 ? (const void *)wide : narrow;
}

static void write_bias(converter *c, int tensor, const mdg_quant_weights *w, float input_scale, bool wide) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    float *scale = mdg_arena_array(c->graph->arena, (size_t)w->count, sizeof *scale);
    for (int k = 0; k < w->count; k++) scale[k] = input_scale * w->scale[k];
    t->type = wide ? MDG_INT64 : MDG_INT32;
    t->bytes = mdg_tensor_bytes(t);
    mdg_tensor_set_data(t, whole_biases(c, w, scale, t));
    mdg_tensor_quantize_channels(c->graph, t, 0, w->count, scale);
}

static void convert_parameters(converter *c, mdg_op *op, int index) {
    const mdg_quant_weights *w = &c->quantizer->weights[index];
    const mdg_quant_rule *rule = mdg_quant_rule_of(op);
    const bool wide = mdg_quantizer_is_wide(c->quantizer, index);
    const float input_scale = affine_of(c, c->quantizer->subgraph->ops[index].inputs[rule->data], wide).scale;
    write_weights(c, claim(c, op, rule->weights), w);
    if (w->bias) write_bias(c, claim(c, op, rule->bias), w, input_scale, wide);
}

/* The version is left to the writer, which knows the lowest that takes int8. */
static void copy_op(converter *c, int index) {
    const mdg_op *source = &c->quantizer->subgraph->ops[index];
    int32_t *inputs = mdg_arena_array(c->graph->arena, (size_t)source->n_inputs + 1, sizeof *inputs);
    for (int k = 0; k < source->n_inputs; k++)
        inputs[k] = operand(c, source->inputs[k], mdg_quantizer_is_wide(c->quantizer, index));
    mdg_op *op = mdg_op_add(c->graph, c->subgraph, source->code, source->n_inputs, source->n_outputs);
    memcpy(op->inputs, inputs, (size_t)source->n_inputs * sizeof *op->inputs);
    if (source->n_outputs)
        memcpy(op->outputs, source->outputs, (size_t)source->n_outputs * sizeof *op->outputs);
    if (source->attrs)
        op->attrs = mdg_arena_copy(c->graph->arena, source->attrs, mdg_attrs_of(source->code)->bytes);
    if (c->quantizer->weights[index].bits) convert_parameters(c, op, index);
}

mdg_graph *mdg_quantizer_convert(const mdg_quantizer *q, mdg_arena *arena) {
    const mdg_subgraph *from = q->subgraph;
    converter c = {.quantizer = q, .graph = mdg_graph_new(arena)};
    c.graph->source = q->graph->source;
    c.graph->description = q->graph->description;
    c.subgraph = mdg_subgraph_add(c.graph, from->name ? from->name : "main");
    c.claimed = mdg_arena_array(arena, (size_t)from->n_tensors, sizeof *c.claimed);
    c.wide = mdg_arena_array(arena, (size_t)from->n_tensors, sizeof *c.wide);
    c.twins = mdg_arena_array(arena, (size_t)from->n_tensors, sizeof *c.twins);
    find_wide(&c);
    copy_tensors(&c);
    for (int i = 0; i < from->n_ops; i++) copy_op(&c, i);
    set_io(&c);
    return c.graph;
}
