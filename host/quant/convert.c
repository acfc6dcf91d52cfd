/* SPDX-License-Identifier: MIT */
#include <math.h>
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

/* The output channels of a layer; count 1 = all weights share one scale. Arrays have count elements. */
typedef struct channels {
    int axis, count;
    float *largest, *largest_bias; /* magnitudes */
    float *scale;
} channels;

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

/* Elements of one channel lie `inner` apart from those of the next; all channels repeat. */
static size_t inner_of(const mdg_tensor *t, int axis) {
    size_t inner = 1;
    for (int d = axis + 1; d < t->shape.rank; d++) inner *= (size_t)t->shape.dim[d];
    return inner;
}

static void largest_of_channels(const mdg_tensor *weights, channels *ch) {
    const float *w = weights->data;
    const size_t inner = inner_of(weights, ch->axis), n = elements_of(weights);
    for (size_t i = 0; i < n; i++) {
        float *most = &ch->largest[i / inner % (size_t)ch->count];
        *most = fmaxf(*most, fabsf(w[i]));
    }
}

static float largest_of(const float *x, size_t n) {
    float most = 0.0f;
    for (size_t i = 0; i < n; i++) most = fmaxf(most, fabsf(x[i]));
    return most;
}

static channels channels_of(const converter *c, const mdg_tensor *weights, const mdg_tensor *bias, int axis,
                            bool per_tensor) {
    channels ch = {.axis = axis, .count = per_tensor ? 1 : weights->shape.dim[axis]};
    ch.largest = mdg_arena_array(c->graph->arena, (size_t)ch.count, sizeof *ch.largest);
    ch.largest_bias = mdg_arena_array(c->graph->arena, (size_t)ch.count, sizeof *ch.largest_bias);
    ch.scale = mdg_arena_array(c->graph->arena, (size_t)ch.count, sizeof *ch.scale);
    largest_of_channels(weights, &ch);
    const size_t n = bias ? elements_of(bias) : 0;
    const float *b = bias ? bias->data : NULL;
    for (size_t i = 0; i < n; i++) {
        float *most = &ch.largest_bias[per_tensor ? 0 : i];
        *most = fmaxf(*most, fabsf(b[i]));
    }
    return ch;
}

static void choose_weight_scales(channels *ch, float input_scale) {
    const float most = largest_of(ch->largest, (size_t)ch->count), fallback = most > 0.0f ? most : 1.0f;
    for (int k = 0; k < ch->count; k++)
        ch->scale[k] = mdg_weight_scale(ch->largest[k], ch->largest_bias[k], input_scale, fallback);
}

static void write_weights(converter *c, int tensor, const float *w, const channels *ch) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    const size_t inner = inner_of(t, ch->axis), n = elements_of(t);
    int8_t *q = mdg_arena_alloc(c->graph->arena, n);
    for (size_t i = 0; i < n; i++) {
        const size_t k = i / inner % (size_t)ch->count;
        q[i] = mdg_weight_to_int8(w[i], mdg_weight_inverse(ch->largest[k], ch->scale[k]));
    }
    t->type = MDG_INT8;
    mdg_tensor_set_data(t, q);
    mdg_tensor_quantize_channels(c->graph, t, ch->count > 1 ? ch->axis : 0, ch->count, ch->scale);
}

static void write_bias(converter *c, int tensor, const float *b, const channels *ch, float input_scale) {
    mdg_tensor *t = &c->subgraph->tensors[tensor];
    const size_t n = elements_of(t);
    int32_t *q = mdg_arena_array(c->graph->arena, n, sizeof *q);
    float *scale = mdg_arena_array(c->graph->arena, (size_t)ch->count, sizeof *scale);
    for (int k = 0; k < ch->count; k++) scale[k] = input_scale * ch->scale[k];
    for (size_t i = 0; i < n; i++) q[i] = mdg_bias_to_int32(b[i], scale[ch->count > 1 ? i : 0]);
    t->type = MDG_INT32;
    mdg_tensor_set_data(t, q);
    mdg_tensor_quantize_channels(c->graph, t, 0, ch->count, scale);
}

static void convert_parameters(converter *c, mdg_op *op, const mdg_quant_rule *rule) {
    const mdg_subgraph *from = c->quantizer->subgraph;
    const mdg_tensor *weights = mdg_op_input(from, op, rule->weights),
                     *bias = mdg_op_input(from, op, rule->bias);
    const bool per_tensor = op->code == MDG_OP_FULLY_CONNECTED && !c->quantizer->opts->dense_per_channel;
    const float input_scale = mdg_quantizer_group(c->quantizer, op->inputs[rule->data])->affine.scale;
    const float *w = weights->data, *b = bias ? bias->data : NULL;
    channels ch = channels_of(c, weights, bias, rule->axis, per_tensor);
    choose_weight_scales(&ch, input_scale);
    write_weights(c, claim(c, op, rule->weights), w, &ch);
    if (b) write_bias(c, claim(c, op, rule->bias), b, &ch, input_scale);
}

/* The version is left to the writer, which knows the lowest that takes int8. */
static void copy_op(converter *c, const mdg_op *source) {
    mdg_op *op = mdg_op_add(c->graph, c->subgraph, source->code, source->n_inputs, source->n_outputs);
    if (source->n_inputs) memcpy(op->inputs, source->inputs, (size_t)source->n_inputs * sizeof *op->inputs);
    if (source->n_outputs)
        memcpy(op->outputs, source->outputs, (size_t)source->n_outputs * sizeof *op->outputs);
    if (source->attrs)
        op->attrs = mdg_arena_copy(c->graph->arena, source->attrs, mdg_attrs_of(source->code)->bytes);
    const mdg_quant_rule *rule = mdg_quant_rule_of(source);
    if (rule->kind == MDG_QUANT_WEIGHTED) convert_parameters(c, op, rule);
}

mdg_graph *mdg_quantizer_convert(const mdg_quantizer *q) {
    const mdg_subgraph *from = q->subgraph;
    converter c = {.quantizer = q, .graph = mdg_graph_new(q->arena)};
    c.graph->source = q->graph->source;
    c.graph->description = q->graph->description;
    c.subgraph = mdg_subgraph_add(c.graph, from->name ? from->name : "main");
    c.claimed = mdg_arena_array(q->arena, (size_t)from->n_tensors, sizeof *c.claimed);
    copy_tensors(&c);
    for (int i = 0; i < from->n_ops; i++) copy_op(&c, &from->ops[i]);
    mdg_subgraph_set_io(c.graph, c.subgraph, from->n_inputs, from->inputs, from->n_outputs, from->outputs);
    return c.graph;
}
