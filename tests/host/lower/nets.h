/* SPDX-License-Identifier: MIT
 *
 * nets.h: small graphs for the tests of lowering, planning and running.
 */
#ifndef MDG_TEST_NETS_H
#define MDG_TEST_NETS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "graph/graph.h"
#include "lower/program.h"

static inline int net_tensor(mdg_graph *g, mdg_type type, mdg_shape shape, float scale, int32_t zero) {
    mdg_subgraph *s = &g->subgraphs[0];
    const int t = mdg_tensor_add(g, s, mdg_arena_printf(g->arena, "t%d", s->n_tensors), type, shape);
    if (scale > 0) mdg_tensor_quantize(g, &s->tensors[t], scale, zero);
    return t;
}

static inline int net_const(mdg_graph *g, mdg_type type, mdg_shape shape, float scale, const void *data) {
    const int t = net_tensor(g, type, shape, scale, 0);
    mdg_tensor *x = &g->subgraphs[0].tensors[t];
    x->data = mdg_arena_copy(g->arena, data, mdg_tensor_bytes(x));
    return t;
}

static inline mdg_op *net_op(mdg_graph *g, mdg_opcode code, int n_inputs, const int32_t *inputs, int output) {
    mdg_op *op = mdg_op_add(g, &g->subgraphs[0], code, n_inputs, 1);
    memcpy(op->inputs, inputs, (size_t)n_inputs * sizeof *inputs);
    op->outputs[0] = output;
    return op;
}

static inline void net_io(mdg_graph *g, int input, int output) {
    mdg_subgraph *s = &g->subgraphs[0];
    s->inputs = mdg_arena_copy(g->arena, &(int32_t){input}, sizeof(int32_t));
    s->outputs = mdg_arena_copy(g->arena, &(int32_t){output}, sizeof(int32_t));
    s->n_inputs = s->n_outputs = 1;
}

static inline mdg_graph *net_new(mdg_arena *a) {
    mdg_graph *g = mdg_graph_new(a);
    g->source = "net";
    mdg_subgraph_add(g, "main");
    return g;
}

/* x [1][h][w][c], filter [oc][3][3][c], SAME, stride 1 */
static inline mdg_graph *net_conv(mdg_arena *a, int32_t out_h) {
    static const int8_t weights[4 * 3 * 3 * 2] = {1, -2, 3};
    static const int32_t bias[4] = {10, 20, 30, 40};
    mdg_graph *g = net_new(a);
    const int32_t x = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, 5, 6, 2), 0.5f, 3);
    const int32_t w = net_const(g, MDG_INT8, mdg_shape_of(4, 4, 3, 3, 2), 0.375f, weights);
    const int32_t b = net_const(g, MDG_INT32, mdg_shape_of(1, 4), 0.1875f, bias);
    const int32_t y = net_tensor(g, MDG_INT8, mdg_shape_of(4, 1, out_h, 6, 4), 1.0f, -128);
    mdg_op *op = net_op(g, MDG_OP_CONV_2D, 3, (const int32_t[]){x, w, b}, y);
    mdg_conv2d_attrs *attrs = mdg_arena_alloc(a, sizeof *attrs);
    *attrs = (mdg_conv2d_attrs){.padding = MDG_PADDING_SAME, .stride_w = 1, .stride_h = 1};
    attrs->dilation_w = attrs->dilation_h = 1;
    attrs->activation = MDG_ACT_RELU6;
    op->attrs = attrs;
    net_io(g, x, y);
    return g;
}

/* n operators RELU in a row, float, [1][size] */
static inline mdg_graph *net_relus(mdg_arena *a, int n, int32_t size) {
    mdg_graph *g = net_new(a);
    int32_t t = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 1, size), 0, 0);
    const int32_t first = t;
    for (int i = 0; i < n; i++) {
        const int32_t y = net_tensor(g, MDG_FLOAT32, mdg_shape_of(2, 1, size), 0, 0);
        net_op(g, MDG_OP_RELU, 1, &t, y);
        t = y;
    }
    net_io(g, first, t);
    return g;
}

#endif
