/* SPDX-License-Identifier: MIT
 *
 * float_net.h: small float graphs for the tests of quantisation.
 */
#ifndef MDG_TEST_FLOAT_NET_H
#define MDG_TEST_FLOAT_NET_H

#include "graph/graph.h"
#include "quant/quant.h"
#include "util/rng.h"

typedef struct float_net {
    mdg_graph *graph;
    mdg_subgraph *main;
    mdg_rng rng;
} float_net;

static inline float_net net_new(mdg_arena *arena, uint64_t seed) {
    float_net n = {.graph = mdg_graph_new(arena), .rng = mdg_rng_of(seed, 0)};
    n.graph->source = "net";
    n.main = mdg_subgraph_add(n.graph, "main");
    return n;
}

static inline int net_tensor(float_net *n, const char *name, mdg_shape shape) {
    return mdg_tensor_add(n->graph, n->main, name, MDG_FLOAT32, shape);
}

/* A constant of normally distributed values. */
static inline int net_constant(float_net *n, const char *name, mdg_shape shape, float deviation) {
    const int t = net_tensor(n, name, shape);
    const size_t count = (size_t)mdg_shape_elements(&shape);
    float *x = mdg_arena_array(n->graph->arena, count, sizeof *x);
    for (size_t i = 0; i < count; i++) x[i] = deviation * mdg_rng_normal(&n->rng);
    mdg_tensor_set_data(&n->main->tensors[t], x);
    return t;
}

static inline float *net_values(const float_net *n, int tensor) {
    return (float *)(uintptr_t)n->main->tensors[tensor].data;
}

/* An operator of up to three inputs (-1 = none) and one output; returns its attributes. */
static inline void *net_op(float_net *n, mdg_opcode code, const int inputs[3], int output) {
    mdg_op *op = mdg_op_add(n->graph, n->main, code, inputs[2] >= 0 ? 3 : inputs[1] >= 0 ? 2 : 1, 1);
    for (int k = 0; k < op->n_inputs; k++) op->inputs[k] = inputs[k];
    op->outputs[0] = output;
    return op->attrs;
}

static inline void net_io(float_net *n, int input, int output) {
    mdg_subgraph_set_io(n->graph, n->main, 1, &(int32_t){input}, 1, &(int32_t){output});
}

/* The little network of most tests: tensors in this order, operators in the order of their outputs.
 * X [1,8,8,2] - CONV 3x3 RELU - DEPTHWISE 3x3 RELU6 - AVERAGE_POOL 8x8 - RESHAPE - FULLY_CONNECTED - SOFTMAX
 * [1,5] */
typedef enum net_tensor_id {
    NET_X,
    NET_CONV_W,
    NET_CONV_B,
    NET_CONV,
    NET_DW_W,
    NET_DW_B,
    NET_DW,
    NET_POOL,
    NET_SHAPE,
    NET_FLAT,
    NET_FC_W,
    NET_FC_B,
    NET_FC,
    NET_SCORES
} net_tensor_id;

static inline void net_add_tensors(float_net *n) {
    static const int32_t flat[] = {1, 6};
    net_tensor(n, "x", mdg_shape_of(4, 1, 8, 8, 2));
    net_constant(n, "conv_w", mdg_shape_of(4, 6, 3, 3, 2), 0.4f);
    net_constant(n, "conv_b", mdg_shape_of(1, 6), 0.3f);
    net_tensor(n, "conv", mdg_shape_of(4, 1, 8, 8, 6));
    net_constant(n, "dw_w", mdg_shape_of(4, 1, 3, 3, 6), 0.5f);
    net_constant(n, "dw_b", mdg_shape_of(1, 6), 0.3f);
    net_tensor(n, "dw", mdg_shape_of(4, 1, 8, 8, 6));
    net_tensor(n, "pool", mdg_shape_of(4, 1, 1, 1, 6));
    const int shape = mdg_tensor_add(n->graph, n->main, "shape", MDG_INT32, mdg_shape_of(1, 2));
    mdg_tensor_set_data(&n->main->tensors[shape], flat);
    net_tensor(n, "flat", mdg_shape_of(2, 1, 6));
    net_constant(n, "fc_w", mdg_shape_of(2, 5, 6), 0.7f);
    net_constant(n, "fc_b", mdg_shape_of(1, 5), 0.3f);
    net_tensor(n, "fc", mdg_shape_of(2, 1, 5));
    net_tensor(n, "scores", mdg_shape_of(2, 1, 5));
}

static inline float_net net_little(mdg_arena *arena, uint64_t seed) {
    float_net n = net_new(arena, seed);
    net_add_tensors(&n);
    mdg_conv2d_attrs *conv = net_op(&n, MDG_OP_CONV_2D, (int[]){NET_X, NET_CONV_W, NET_CONV_B}, NET_CONV);
    conv->stride_h = conv->stride_w = 1;
    conv->activation = MDG_ACT_RELU;
    mdg_depthwise_conv2d_attrs *dw =
        net_op(&n, MDG_OP_DEPTHWISE_CONV_2D, (int[]){NET_CONV, NET_DW_W, NET_DW_B}, NET_DW);
    dw->stride_h = dw->stride_w = dw->depth_multiplier = 1;
    dw->activation = MDG_ACT_RELU6;
    mdg_pool2d_attrs *pool = net_op(&n, MDG_OP_AVERAGE_POOL_2D, (int[]){NET_DW, -1, -1}, NET_POOL);
    pool->stride_h = pool->stride_w = pool->filter_h = pool->filter_w = 8;
    pool->padding = MDG_PADDING_VALID;
    net_op(&n, MDG_OP_RESHAPE, (int[]){NET_POOL, NET_SHAPE, -1}, NET_FLAT);
    net_op(&n, MDG_OP_FULLY_CONNECTED, (int[]){NET_FLAT, NET_FC_W, NET_FC_B}, NET_FC);
    mdg_softmax_attrs *softmax = net_op(&n, MDG_OP_SOFTMAX, (int[]){NET_FC, -1, -1}, NET_SCORES);
    softmax->beta = 1.0f;
    net_io(&n, NET_X, NET_SCORES);
    return n;
}

/* Samples: independent of each other, the same each time; context points to the number of values. */
static inline void net_fill(void *context, int i, float *x) {
    mdg_rng rng = mdg_rng_of(99, (uint64_t)i);
    for (int k = 0; k < *(int *)context; k++) x[k] = mdg_rng_normal(&rng);
}

/* What mdg_quantize makes of it; the test fails where it cannot. */
static inline mdg_graph *net_quantized(const float_net *n, const mdg_quant_opts *opts,
                                       const mdg_calibration *samples) {
    mdg_diag diag = {{0}};
    mdg_graph *q = NULL;
    if (mdg_quantize(n->graph, opts, samples, n->graph->arena, NULL, &q, &diag) != MDG_OK)
        fail_msg("%s", diag.text);
    return q;
}

#endif
