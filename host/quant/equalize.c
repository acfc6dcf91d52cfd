/* SPDX-License-Identifier: MIT
 *
 * Cross-layer equalisation (after Nagel et al., "Data-free quantization through weight equalization", 2019).
 *
 * ReLU and what only moves, picks or averages values let a positive factor pass. So channel c that one layer
 * writes and the next one reads can be divided by s[c] in the first layer's weights and multiplied in the
 * second's, and the network computes the same. Weights of the first layer have a scale for each channel and
 * do not mind; the activations between them share one. With range a[c] of the activation over the samples and
 * r[c] of the weights that read it, s[c] = sqrt(a[c] / r[c]) makes both equal. A depthwise layer's weights
 * have a scale for each channel, too: r[c] counts as 1 over a[c], and the activations become even.
 */
#include <math.h>
#include <string.h>

#include "quant/moments.h"
#include "quant/quantizer.h"
#include "quant/watch.h"

enum { ROUNDS = 4 };

/* Two layers with nothing but channel-keeping operators between them. */
typedef struct pair {
    int first, second; /* operators */
    int channels;
    float *range; /* [channels] largest magnitude of the activation that the first one writes */
    float *scale; /* [channels] */
} pair;

typedef struct equalizer {
    const mdg_graph *graph;
    mdg_subgraph *subgraph; /* of the copy */
    mdg_arena *arena;
    int n_pairs;
    pair *pairs; /* [n_ops] at most */
} equalizer;

/* ==== Which layers ==== */

static bool lets_factors_pass(const mdg_op *op) {
    return op->code == MDG_OP_MAX_POOL_2D || op->code == MDG_OP_AVERAGE_POOL_2D ||
           op->code == MDG_OP_RESHAPE || op->code == MDG_OP_MEAN || op->code == MDG_OP_PAD;
}

static int32_t activation_of(const mdg_op *op) {
    switch (op->code) {
    case MDG_OP_CONV_2D: return ((const mdg_conv2d_attrs *)op->attrs)->activation;
    case MDG_OP_DEPTHWISE_CONV_2D: return ((const mdg_depthwise_conv2d_attrs *)op->attrs)->activation;
    case MDG_OP_FULLY_CONNECTED: return ((const mdg_fully_connected_attrs *)op->attrs)->activation;
    case MDG_OP_MAX_POOL_2D:
    case MDG_OP_AVERAGE_POOL_2D: return ((const mdg_pool2d_attrs *)op->attrs)->activation;
    default: return MDG_ACT_NONE;
    }
}

static bool is_homogeneous(const mdg_op *op) {
    const int32_t a = activation_of(op);
    return a == MDG_ACT_NONE || a == MDG_ACT_RELU;
}

/* The only operator that reads the tensor; -1 when there are more, or it is an output of the graph. */
static int only_reader(const mdg_subgraph *s, int tensor) {
    int reader = -1, uses = 0;
    for (int k = 0; k < s->n_outputs; k++) uses += s->outputs[k] == tensor;
    for (int i = 0; i < s->n_ops; i++)
        for (int k = 0; k < s->ops[i].n_inputs; k++)
            if (s->ops[i].inputs[k] == tensor) {
                uses++;
                reader = i;
            }
    return uses == 1 ? reader : -1;
}

/* A layer whose weights and bias no other operator reads. */
static bool is_layer(const mdg_subgraph *s, int index, mdg_quant_layer_shape *shape) {
    const mdg_op *op = &s->ops[index];
    if (!mdg_quant_layer_shape_of(s, op, shape)) return false;
    for (int k = 1; k < op->n_inputs; k++)
        if (op->inputs[k] >= 0 && only_reader(s, op->inputs[k]) != index) return false;
    return true;
}

static int last_dim(const mdg_subgraph *s, int tensor) {
    const mdg_shape *shape = &s->tensors[tensor].shape;
    return shape->rank > 0 ? shape->dim[shape->rank - 1] : 0;
}

/* MEAN over the channels themselves would mix them. */
static bool keeps_channels(const mdg_subgraph *s, const mdg_op *op, int channels) {
    if (op->code == MDG_OP_RESHAPE) return last_dim(s, op->outputs[0]) % channels == 0;
    return last_dim(s, op->outputs[0]) == channels &&
           s->tensors[op->outputs[0]].shape.rank <= s->tensors[op->inputs[0]].shape.rank;
}

/* The layer that reads the channels of op's output, -1 = none. */
static int second_of(const mdg_subgraph *s, const mdg_op *op, int channels) {
    mdg_quant_layer_shape shape;
    int reader = only_reader(s, op->outputs[0]);
    while (reader >= 0 && lets_factors_pass(&s->ops[reader]) && is_homogeneous(&s->ops[reader]) &&
           keeps_channels(s, &s->ops[reader], channels))
        reader = only_reader(s, s->ops[reader].outputs[0]);
    return reader >= 0 && is_layer(s, reader, &shape) && shape.in_c % channels == 0 ? reader : -1;
}

static void find_pairs(equalizer *e) {
    const mdg_subgraph *s = e->subgraph;
    mdg_quant_layer_shape shape;
    e->pairs = mdg_arena_array(e->arena, (size_t)s->n_ops, sizeof *e->pairs);
    for (int i = 0; i < s->n_ops; i++) {
        const mdg_op *op = &s->ops[i];
        if (!is_layer(s, i, &shape) || !is_homogeneous(op)) continue;
        const int channels = shape.groups * shape.outs, second = second_of(s, op, channels);
        if (second < 0) continue;
        pair *p = &e->pairs[e->n_pairs++];
        *p = (pair){.first = i, .second = second, .channels = channels};
        p->range = mdg_arena_array(e->arena, (size_t)channels, sizeof *p->range);
        p->scale = mdg_arena_array(e->arena, (size_t)channels, sizeof *p->scale);
    }
}

/* ==== Ranges over the samples ==== */

static void see_tensor(void *context, int tensor, const void *data) {
    const equalizer *e = context;
    const float *x = data;
    for (int i = 0; i < e->n_pairs; i++) {
        const pair *p = &e->pairs[i];
        if (e->subgraph->ops[p->first].outputs[0] != tensor) continue;
        const size_t n = (size_t)mdg_shape_elements(&e->subgraph->tensors[tensor].shape);
        for (size_t k = 0; k < n; k++) {
            float *most = &p->range[k % (size_t)p->channels];
            *most = fmaxf(*most, fabsf(x[k]));
        }
    }
}

static mdg_status find_ranges(equalizer *e, const mdg_calibration *data, mdg_diag *diag) {
    mdg_watch watch;
    MDG_TRY(mdg_watch_open(e->graph, e->arena, &watch, diag));
    float *x = mdg_arena_alloc(e->arena, mdg_watch_input_bytes(&watch));
    for (int i = 0; i < data->n; i++) {
        data->fill(data->context, i, x);
        mdg_watch_set_inputs(&watch, x);
        MDG_TRY(mdg_watch_run(&watch, see_tensor, e, diag));
    }
    return MDG_OK;
}

/* ==== Factors ==== */

static float *values_of(const equalizer *e, int op, int input) {
    const mdg_tensor *t = mdg_op_input(e->subgraph, &e->subgraph->ops[op], input);
    return t ? (float *)(uintptr_t)t->data : NULL; /* the copy's own */
}

/* The weights of the second layer that read channel c, each multiplied by factor; returns the largest. */
static float scale_readers(const equalizer *e, const pair *p, int c, float factor) {
    mdg_quant_layer_shape l;
    float *w = values_of(e, p->second, 1), most = 0.0f;
    mdg_quant_layer_shape_of(e->subgraph, &e->subgraph->ops[p->second], &l);
    for (int out = 0; out < l.groups * l.outs; out++)
        for (int i = 0; i < l.k; i++) {
            const int channel = l.groups > 1 ? out / l.outs : i % p->channels;
            if (channel != c) continue;
            float *weight = &w[mdg_quant_weight_at(&l, out, i)];
            *weight *= factor;
            most = fmaxf(most, fabsf(*weight));
        }
    return most;
}

static void scale_writers(const equalizer *e, const pair *p, int c, float factor) {
    mdg_quant_layer_shape l;
    float *w = values_of(e, p->first, 1), *bias = values_of(e, p->first, 2);
    mdg_quant_layer_shape_of(e->subgraph, &e->subgraph->ops[p->first], &l);
    for (int i = 0; i < l.k; i++) w[mdg_quant_weight_at(&l, c, i)] *= factor;
    if (bias) bias[c] *= factor;
}

/* Of mean 1 (as a product), so that no layer grows as a whole; within 1/64 and 64. */
static void normalize(const pair *p) {
    double sum = 0.0;
    for (int c = 0; c < p->channels; c++) sum += log((double)p->scale[c]);
    const double mean = exp(sum / p->channels);
    for (int c = 0; c < p->channels; c++)
        p->scale[c] = fminf(fmaxf((float)(p->scale[c] / mean), 1.0f / 64.0f), 64.0f);
}

static void equalize(const equalizer *e, const pair *p) {
    const bool depthwise = e->subgraph->ops[p->second].code == MDG_OP_DEPTHWISE_CONV_2D;
    for (int c = 0; c < p->channels; c++) {
        const float range = p->range[c], weights = scale_readers(e, p, c, 1.0f);
        const bool used = range > 0.0f && weights > 0.0f;
        p->scale[c] = !used ? 1.0f : depthwise ? range : sqrtf(range / weights);
    }
    normalize(p);
    for (int c = 0; c < p->channels; c++) {
        scale_writers(e, p, c, 1.0f / p->scale[c]);
        scale_readers(e, p, c, p->scale[c]);
        p->range[c] /= p->scale[c];
    }
}

/* With weights and biases of its own, and without the ranges of training, which will no longer be true */
static mdg_graph *copy_of(const mdg_graph *g, mdg_arena *arena) {
    mdg_graph *copy = mdg_arena_copy(arena, g, sizeof *g);
    mdg_subgraph *s = copy->subgraphs = mdg_arena_copy(arena, g->subgraphs, sizeof *g->subgraphs);
    copy->arena = arena;
    s->tensors = mdg_arena_copy(arena, s->tensors, (size_t)s->n_tensors * sizeof *s->tensors);
    for (int t = 0; t < s->n_tensors; t++) {
        s->tensors[t].range = NULL;
        if (s->tensors[t].data && s->tensors[t].type == MDG_FLOAT32)
            s->tensors[t].data = mdg_arena_copy(arena, s->tensors[t].data, s->tensors[t].bytes);
    }
    return copy;
}

mdg_status mdg_quantizer_equalize(const mdg_graph *g, const mdg_calibration *data, mdg_arena *arena,
                                  mdg_graph **out, mdg_diag *diag) {
    *out = copy_of(g, arena);
    equalizer e = {.graph = g, .subgraph = (*out)->subgraphs, .arena = arena};
    find_pairs(&e);
    MDG_TRY(find_ranges(&e, data, diag));
    for (int round = 0; round < ROUNDS; round++)
        for (int i = 0; i < e.n_pairs; i++) equalize(&e, &e.pairs[i]);
    return MDG_OK;
}
