/* SPDX-License-Identifier: MIT
 *
 * samples.h: small graphs that together use all that a .tflite file can say; for tests and as seeds for
 * fuzzing.
 */
#ifndef MDG_TEST_SAMPLES_H
#define MDG_TEST_SAMPLES_H

#include "graph/graph.h"

/* A constant tensor. */
static inline int sample_constant(mdg_graph *g, mdg_subgraph *s, mdg_type type, mdg_shape shape,
                                  const void *data) {
    const int t = mdg_tensor_add(g, s, "constant", type, shape);
    mdg_tensor_set_data(&s->tensors[t], data);
    return t;
}

/* An operator on up to three inputs; -1 ends the list. */
static inline mdg_op *sample_op(mdg_graph *g, mdg_subgraph *s, mdg_opcode code, const int32_t *in,
                                int32_t out) {
    int n = 0;
    while (n < 3 && in[n] >= 0) n++;
    mdg_op *op = mdg_op_add(g, s, code, n, out >= 0 ? 1 : 0);
    for (int i = 0; i < n; i++) op->inputs[i] = in[i];
    if (out >= 0) op->outputs[0] = out;
    return op;
}

/* int8 [1,4,4,1] through a 2x2 convolution to 3 channels, scales per channel, and a reshape to [1,12]. */
static inline mdg_graph *sample_conv(mdg_arena *arena) {
    static const int8_t weights[12] = {1, -2, 3, -4, 5, -6, 7, -8, 9, -10, 11, -12};
    static const int32_t bias[3] = {100, -200, 300}, new_shape[2] = {1, 12};
    static const float scales[3] = {0.5f, 0.25f, 0.125f};
    mdg_graph *g = mdg_graph_new(arena);
    g->description = "a convolution";
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(4, 1, 4, 4, 1));
    const int32_t w = sample_constant(g, s, MDG_INT8, mdg_shape_of(4, 3, 2, 2, 1), weights);
    const int32_t b = sample_constant(g, s, MDG_INT32, mdg_shape_of(1, 3), bias);
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(4, 1, 2, 2, 3));
    const int32_t shape = sample_constant(g, s, MDG_INT32, mdg_shape_of(1, 2), new_shape);
    const int32_t z = mdg_tensor_add(g, s, "z", MDG_INT8, mdg_shape_of(2, 1, 12));
    static const int32_t open_shape[4] = {-1, 4, 4, 1};
    s->tensors[x].signature = open_shape;
    mdg_tensor_quantize(g, &s->tensors[x], 0.1f, -3);
    mdg_tensor_quantize_channels(g, &s->tensors[w], 0, 3, scales);
    mdg_tensor_quantize(g, &s->tensors[y], 0.2f, 4);
    mdg_tensor_quantize(g, &s->tensors[z], 0.2f, 4);
    mdg_conv2d_attrs *conv = sample_op(g, s, MDG_OP_CONV_2D, (int32_t[]){x, w, b}, y)->attrs;
    conv->padding = MDG_PADDING_VALID;
    conv->stride_w = conv->stride_h = 2;
    conv->activation = MDG_ACT_RELU6;
    mdg_reshape_attrs *reshape = sample_op(g, s, MDG_OP_RESHAPE, (int32_t[]){y, shape, -1}, z)->attrs;
    reshape->new_shape = (mdg_ivec){2, new_shape};
    mdg_subgraph_set_io(g, s, 1, &x, 1, &z);
    return g;
}

/* int8 [1,4,5,6] through a depthwise 3x3 convolution and RELU: what targets have kernels of their own for. */
static inline mdg_graph *sample_depthwise(mdg_arena *arena) {
    int8_t *weights = mdg_arena_array(arena, 9 * 6, sizeof *weights);
    int32_t *bias = mdg_arena_array(arena, 6, sizeof *bias);
    float scales[6];
    for (int i = 0; i < 54; i++) weights[i] = (int8_t)(i * 37 % 255 - 127);
    for (int i = 0; i < 6; i++) bias[i] = 50 * i - 100, scales[i] = 0.01f + 0.001f * (float)i;
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    const mdg_shape shape = mdg_shape_of(4, 1, 4, 5, 6);
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_INT8, shape);
    const int32_t w = sample_constant(g, s, MDG_INT8, mdg_shape_of(4, 1, 3, 3, 6), weights);
    const int32_t b = sample_constant(g, s, MDG_INT32, mdg_shape_of(1, 6), bias);
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_INT8, shape);
    mdg_tensor_quantize(g, &s->tensors[x], 0.05f, -10);
    mdg_tensor_quantize_channels(g, &s->tensors[w], 3, 6, scales);
    mdg_tensor_quantize(g, &s->tensors[y], 0.05f, -128);
    mdg_depthwise_conv2d_attrs *o = sample_op(g, s, MDG_OP_DEPTHWISE_CONV_2D, (int32_t[]){x, w, b}, y)->attrs;
    o->padding = MDG_PADDING_SAME, o->activation = MDG_ACT_RELU;
    o->stride_w = o->stride_h = o->dilation_w = o->dilation_h = o->depth_multiplier = 1;
    mdg_subgraph_set_io(g, s, 1, &x, 1, &y);
    return g;
}

/* Packed int4 weights, a missing bias in the middle of the inputs, a state, a scalar, an unused tensor. */
static inline mdg_graph *sample_odd_tensors(mdg_arena *arena) {
    static const uint8_t packed[2] = {0x21, 0x03};
    static const float one = 1.0f;
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "");
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_INT8, mdg_shape_of(2, 1, 3));
    const int32_t w = sample_constant(g, s, MDG_INT4, mdg_shape_of(2, 1, 3), packed);
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(2, 1, 1));
    const int32_t state = mdg_tensor_add(g, s, "state", MDG_FLOAT32, mdg_shape_of(1, 4));
    const int32_t scalar = sample_constant(g, s, MDG_FLOAT32, mdg_shape_of(0), &one);
    const int32_t sum = mdg_tensor_add(g, s, "sum", MDG_FLOAT32, mdg_shape_of(1, 4));
    mdg_tensor_add(g, s, "unused", MDG_INT64, mdg_shape_of(1, 0));
    s->tensors[state].is_variable = true;
    mdg_op *fc = mdg_op_add(g, s, MDG_OP_FULLY_CONNECTED, 3, 1);
    fc->inputs[0] = x;
    fc->inputs[1] = w;
    fc->outputs[0] = y;
    sample_op(g, s, MDG_OP_ADD, (int32_t[]){state, scalar, -1}, sum);
    mdg_subgraph_set_io(g, s, 1, &x, 2, (int32_t[]){y, sum});
    return g;
}

/* A subgraph that does one elementwise operator on two float tensors. */
static inline void sample_branch(mdg_graph *g, const char *name, mdg_opcode code) {
    mdg_subgraph *s = mdg_subgraph_add(g, name);
    int32_t t[3];
    for (int i = 0; i < 3; i++) t[i] = mdg_tensor_add(g, s, "t", MDG_FLOAT32, mdg_shape_of(1, 2));
    sample_op(g, s, code, (int32_t[]){t[0], t[1], -1}, t[2]);
    mdg_subgraph_set_io(g, s, 2, t, 1, &t[2]);
}

/* IF over two subgraphs, a resource variable with its names, a custom operator. */
static inline mdg_graph *sample_control(mdg_arena *arena) {
    static const uint8_t options[5] = {1, 2, 3, 4, 5};
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph_add(g, "main");
    sample_branch(g, "then", MDG_OP_ADD);
    sample_branch(g, "else", MDG_OP_MAXIMUM);
    mdg_subgraph *s = &g->subgraphs[0];
    const int32_t condition = mdg_tensor_add(g, s, "condition", MDG_BOOL, mdg_shape_of(0));
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_FLOAT32, mdg_shape_of(1, 2));
    const int32_t handle = mdg_tensor_add(g, s, "handle", MDG_RESOURCE, mdg_shape_of(0));
    const int32_t value = mdg_tensor_add(g, s, "value", MDG_FLOAT32, mdg_shape_of(1, 2));
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_FLOAT32, mdg_shape_of(1, 2));
    const int32_t z = mdg_tensor_add(g, s, "z", MDG_FLOAT32, mdg_shape_of(1, 2));
    mdg_var_handle_attrs *var = sample_op(g, s, MDG_OP_VAR_HANDLE, (int32_t[]){-1}, handle)->attrs;
    var->container = "";
    var->shared_name = "counter";
    sample_op(g, s, MDG_OP_READ_VARIABLE, (int32_t[]){handle, -1}, value);
    mdg_if_else_attrs *branch = sample_op(g, s, MDG_OP_IF, (int32_t[]){condition, x, value}, y)->attrs;
    branch->then_subgraph = 1;
    branch->else_subgraph = 2;
    sample_op(g, s, MDG_OP_ASSIGN_VARIABLE, (int32_t[]){handle, y, -1}, -1);
    mdg_op *custom = sample_op(g, s, MDG_OP_CUSTOM, (int32_t[]){y, -1}, z);
    custom->custom_name = "MyOp";
    custom->custom = options;
    custom->custom_bytes = sizeof options;
    mdg_subgraph_set_io(g, s, 2, (int32_t[]){condition, x}, 1, &z);
    return g;
}

/* Three new rows of the micro front end and the three before them, in a variable, to two scores as uint8:
 * what a model that streams by itself looks like. */
static inline mdg_graph *sample_rows(mdg_arena *arena) {
    int8_t *weights = mdg_arena_array(arena, 2 * 120, sizeof *weights);
    static const int32_t bias[2] = {300, -300}, new_shape[2] = {1, 120};
    for (int i = 0; i < 240; i++) weights[i] = (int8_t)(i * 53 % 255 - 127);
    mdg_graph *g = mdg_graph_new(arena);
    mdg_subgraph *s = mdg_subgraph_add(g, "main");
    const mdg_shape rows = mdg_shape_of(3, 1, 3, 40);
    const int32_t x = mdg_tensor_add(g, s, "x", MDG_INT8, rows);
    const int32_t handle = mdg_tensor_add(g, s, "handle", MDG_RESOURCE, mdg_shape_of(0));
    const int32_t before = mdg_tensor_add(g, s, "before", MDG_INT8, rows);
    const int32_t sum = mdg_tensor_add(g, s, "sum", MDG_INT8, rows);
    const int32_t shape = sample_constant(g, s, MDG_INT32, mdg_shape_of(1, 2), new_shape);
    const int32_t flat = mdg_tensor_add(g, s, "flat", MDG_INT8, mdg_shape_of(2, 1, 120));
    const int32_t w = sample_constant(g, s, MDG_INT8, mdg_shape_of(2, 2, 120), weights);
    const int32_t b = sample_constant(g, s, MDG_INT32, mdg_shape_of(1, 2), bias);
    const int32_t y = mdg_tensor_add(g, s, "y", MDG_INT8, mdg_shape_of(2, 1, 2));
    const int32_t score = mdg_tensor_add(g, s, "score", MDG_INT8, mdg_shape_of(2, 1, 2));
    const int32_t out = mdg_tensor_add(g, s, "out", MDG_UINT8, mdg_shape_of(2, 1, 2));
    mdg_tensor_quantize(g, &s->tensors[x], 26.0f / 255, -128);
    mdg_tensor_quantize(g, &s->tensors[before], 26.0f / 255, -128);
    mdg_tensor_quantize(g, &s->tensors[sum], 52.0f / 255, -128);
    mdg_tensor_quantize(g, &s->tensors[flat], 52.0f / 255, -128);
    mdg_tensor_quantize(g, &s->tensors[w], 0.0005f, 0);
    mdg_tensor_quantize(g, &s->tensors[y], 0.05f, 0);
    mdg_tensor_quantize(g, &s->tensors[score], 1.0f / 256, -128);
    mdg_tensor_quantize(g, &s->tensors[out], 1.0f / 256, 0);
    mdg_var_handle_attrs *var = sample_op(g, s, MDG_OP_VAR_HANDLE, (int32_t[]){-1}, handle)->attrs;
    var->container = "";
    var->shared_name = "rows";
    sample_op(g, s, MDG_OP_READ_VARIABLE, (int32_t[]){handle, -1}, before);
    sample_op(g, s, MDG_OP_ADD, (int32_t[]){x, before, -1}, sum);
    sample_op(g, s, MDG_OP_ASSIGN_VARIABLE, (int32_t[]){handle, x, -1}, -1);
    mdg_reshape_attrs *reshape = sample_op(g, s, MDG_OP_RESHAPE, (int32_t[]){sum, shape, -1}, flat)->attrs;
    reshape->new_shape = (mdg_ivec){2, new_shape};
    sample_op(g, s, MDG_OP_FULLY_CONNECTED, (int32_t[]){flat, w, b}, y);
    sample_op(g, s, MDG_OP_LOGISTIC, (int32_t[]){y, -1}, score);
    sample_op(g, s, MDG_OP_QUANTIZE, (int32_t[]){score, -1}, out);
    mdg_subgraph_set_io(g, s, 1, &x, 1, &out);
    return g;
}

typedef mdg_graph *sample_fn(mdg_arena *arena);

static const struct {
    const char *name;
    sample_fn *make;
} samples[] = {{"conv", sample_conv},
               {"depthwise", sample_depthwise},
               {"odd_tensors", sample_odd_tensors},
               {"control", sample_control},
               {"rows", sample_rows}};

enum { SAMPLE_COUNT = sizeof samples / sizeof *samples };

#endif
