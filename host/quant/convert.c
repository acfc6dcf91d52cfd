/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "graph/op_table.h"
#include "quant/quantizer.h"

typedef struct converter {
    const mdg_quantizer *quantizer;
    mdg_graph *graph;
    mdg_subgraph *subgraph;
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

static void copy_tensors(converter *c) {
    const mdg_subgraph *from = c->quantizer->subgraph;
    for (int t = 0; t < from->n_tensors; t++) {
        const mdg_tensor *source = &from->tensors[t];
        mdg_tensor_add(c->graph, c->subgraph, source->name, source->type, source->shape);
        c->subgraph->tensors[t] = *source;
        if (c->quantizer->nodes[t].activation)
            convert_activation(c, t, mdg_quantizer_group(c->quantizer, t)->affine);
    }
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

static void write_bias(converter *c, int tensor, const mdg_quant_weights *w, float input_scale) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    const size_t n = elements_of(t);
    int32_t *q = mdg_arena_array(c->graph->arena, n, sizeof *q);
    float *scale = mdg_arena_array(c->graph->arena, (size_t)w->count, sizeof *scale);
    for (int k = 0; k < w->count; k++) scale[k] = input_scale * w->scale[k];
    for (size_t i = 0; i < n; i++) q[i] = mdg_bias_to_int32(w->bias[i], scale[w->count > 1 ? i : 0]);
    t->type = MDG_INT32;
    mdg_tensor_set_data(t, q);
    mdg_tensor_quantize_channels(c->graph, t, 0, w->count, scale);
}

static void convert_parameters(converter *c, mdg_op *op, const mdg_quant_weights *w) {
    const mdg_quant_rule *rule = mdg_quant_rule_of(op);
    const float input_scale = mdg_quantizer_group(c->quantizer, op->inputs[rule->data])->affine.scale;
    write_weights(c, claim(c, op, rule->weights), w);
    if (w->bias) write_bias(c, claim(c, op, rule->bias), w, input_scale);
}

/* The version is left to the writer, which knows the lowest that takes int8. */
static void copy_op(converter *c, int index) {
    const mdg_op *source = &c->quantizer->subgraph->ops[index];
    const mdg_quant_weights *w = &c->quantizer->weights[index];
    mdg_op *op = mdg_op_add(c->graph, c->subgraph, source->code, source->n_inputs, source->n_outputs);
    if (source->n_inputs) memcpy(op->inputs, source->inputs, (size_t)source->n_inputs * sizeof *op->inputs);
    if (source->n_outputs)
        memcpy(op->outputs, source->outputs, (size_t)source->n_outputs * sizeof *op->outputs);
    if (source->attrs)
        op->attrs = mdg_arena_copy(c->graph->arena, source->attrs, mdg_attrs_of(source->code)->bytes);
    if (w->bits) convert_parameters(c, op, w);
}

mdg_graph *mdg_quantizer_convert(const mdg_quantizer *q, mdg_arena *arena) {
    const mdg_subgraph *from = q->subgraph;
    converter c = {.quantizer = q, .graph = mdg_graph_new(arena)};
    c.graph->source = q->graph->source;
    c.graph->description = q->graph->description;
    c.subgraph = mdg_subgraph_add(c.graph, from->name ? from->name : "main");
    c.claimed = mdg_arena_array(arena, (size_t)from->n_tensors, sizeof *c.claimed);
    copy_tensors(&c);
    for (int i = 0; i < from->n_ops; i++) copy_op(&c, i);
    mdg_subgraph_set_io(c.graph, c.subgraph, from->n_inputs, from->inputs, from->n_outputs, from->outputs);
    return c.graph;
}
