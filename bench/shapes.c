/* SPDX-License-Identifier: MIT
 *
 * bench.shapes TO.tflite: one model of many layers that do not depend on each other, several of each kind and
 * of each number of bits. Its outputs mean little; tools/costs measures with it what kernels take.
 */
#include <math.h>
#include <stdio.h>

#include "tflite/tflite.h"
#include "util/rng.h"

enum { MOST_IO = 256, GATES = 4, LSTM_INPUTS = 24 };

/* Bits of activations, weights and bias, 0 for none; a picture, or rows of vectors; what comes of it:
 * channels, or units */
typedef struct layer {
    mdg_opcode code;
    int x, w, bias, height, width, channels, count, kernel_h, kernel_w, stride, act;
} layer;

#define CONV(w, ...)                                                                                         \
    { MDG_OP_CONV_2D, 8, w, 32, __VA_ARGS__ }
#define DEPTHWISE(w, ...)                                                                                    \
    { MDG_OP_DEPTHWISE_CONV_2D, 8, w, 32, __VA_ARGS__ }
#define DENSE(w, in, out)                                                                                    \
    { MDG_OP_FULLY_CONNECTED, 8, w, 32, 1, 1, in, out, 1, 1, 1, 0 }
#define WIDE(code, bias, ...)                                                                                \
    { MDG_OP_##code, 16, 8, bias, __VA_ARGS__ }
#define POOL(code, bits, ...)                                                                                \
    { MDG_OP_##code##_POOL_2D, bits, 0, 0, __VA_ARGS__ }
#define PLAIN(code, bits, h, c)                                                                              \
    { MDG_OP_##code, bits, 0, 0, h, 1, c, c, 1, 1, 1, 0 }
#define RECURRENT(code, bits, bias, steps, in, units)                                                        \
    { MDG_OP_##code, bits, 8, bias, 1, steps, in, units, 1, 1, 1, 0 }
enum { RELU = MDG_ACT_RELU };

static const layer layers[] = {
    /* height, width, channels, out, kernel, stride, activation */
    CONV(8, 6, 6, 16, 8, 1, 1, 1, RELU),
    CONV(8, 5, 5, 40, 24, 1, 1, 1, 0),
    CONV(8, 3, 3, 96, 32, 1, 1, 1, RELU),
    CONV(8, 4, 4, 10, 12, 1, 1, 1, RELU),
    CONV(8, 7, 7, 8, 8, 3, 3, 1, RELU),
    CONV(8, 6, 6, 16, 12, 3, 3, 2, RELU),
    CONV(8, 1, 12, 32, 16, 1, 5, 1, 0),
    CONV(8, 12, 12, 3, 8, 3, 3, 2, RELU),
    CONV(8, 14, 8, 1, 8, 8, 4, 2, RELU),
    CONV(8, 9, 9, 2, 6, 5, 4, 1, 0),
    CONV(4, 6, 6, 16, 8, 1, 1, 1, RELU),
    CONV(4, 5, 5, 40, 24, 1, 1, 1, 0),
    CONV(4, 4, 4, 96, 16, 1, 1, 1, RELU),
    CONV(4, 7, 7, 8, 8, 3, 3, 1, RELU),
    CONV(4, 6, 6, 16, 12, 3, 3, 2, RELU),
    CONV(4, 1, 12, 32, 16, 1, 5, 1, 0),
    CONV(4, 12, 12, 3, 8, 3, 3, 2, RELU),
    CONV(4, 14, 8, 1, 8, 8, 4, 2, RELU),
    CONV(4, 9, 9, 2, 6, 5, 4, 1, 0),
    DEPTHWISE(8, 12, 12, 8, 8, 3, 3, 1, RELU),
    DEPTHWISE(8, 6, 20, 12, 12, 3, 3, 2, RELU),
    DEPTHWISE(8, 5, 5, 24, 24, 3, 3, 1, 0),
    DEPTHWISE(8, 9, 9, 3, 3, 3, 3, 1, RELU),
    DEPTHWISE(8, 8, 8, 2, 4, 5, 5, 1, RELU),
    DEPTHWISE(8, 14, 14, 2, 2, 3, 3, 2, RELU),
    DEPTHWISE(8, 10, 10, 8, 8, 5, 5, 1, 0),
    DEPTHWISE(8, 4, 4, 16, 16, 4, 4, 2, 0),
    DEPTHWISE(8, 1, 24, 16, 16, 1, 9, 1, 0),
    DEPTHWISE(8, 1, 15, 32, 32, 1, 15, 1, 0),
    DEPTHWISE(8, 1, 9, 24, 24, 1, 7, 1, RELU),
    DEPTHWISE(8, 1, 5, 64, 64, 1, 5, 1, RELU),
    DEPTHWISE(4, 12, 12, 8, 8, 3, 3, 1, RELU),
    DEPTHWISE(4, 6, 20, 12, 12, 3, 3, 2, RELU),
    DEPTHWISE(4, 14, 8, 16, 16, 3, 3, 1, RELU),
    DEPTHWISE(4, 5, 5, 24, 24, 3, 3, 1, 0),
    DEPTHWISE(4, 9, 9, 3, 3, 3, 3, 1, RELU),
    DEPTHWISE(4, 10, 10, 8, 8, 5, 5, 1, 0),
    DEPTHWISE(4, 4, 4, 16, 16, 4, 4, 2, 0),
    DEPTHWISE(4, 6, 6, 8, 8, 5, 5, 2, 0),
    DEPTHWISE(4, 2, 3, 32, 32, 2, 2, 1, 0),
    DEPTHWISE(4, 1, 24, 16, 16, 1, 9, 1, 0),
    DEPTHWISE(4, 1, 15, 32, 32, 1, 15, 1, 0),
    DEPTHWISE(4, 1, 9, 24, 24, 1, 7, 1, RELU),
    DEPTHWISE(4, 1, 5, 64, 64, 1, 5, 1, RELU),
    DENSE(8, 16, 10),
    DENSE(8, 64, 12),
    DENSE(8, 250, 20),
    DENSE(8, 1000, 4),
    DENSE(4, 16, 10),
    DENSE(4, 64, 12),
    DENSE(4, 250, 20),
    DENSE(4, 1000, 4),
    WIDE(CONV_2D, 64, 6, 6, 16, 8, 1, 1, 1, RELU),
    WIDE(CONV_2D, 64, 7, 7, 8, 8, 3, 3, 1, RELU),
    WIDE(CONV_2D, 32, 5, 5, 40, 12, 1, 1, 1, 0),
    WIDE(CONV_2D, 64, 9, 9, 3, 2, 3, 3, 1, 0),
    WIDE(CONV_2D, 32, 9, 9, 3, 2, 3, 3, 1, 0),
    WIDE(CONV_2D, 64, 8, 8, 16, 2, 1, 1, 1, 0),
    WIDE(CONV_2D, 32, 4, 4, 30, 2, 2, 2, 1, 0),
    WIDE(CONV_2D, 32, 8, 8, 6, 1, 1, 1, 1, 0),
    WIDE(DEPTHWISE_CONV_2D, 64, 8, 8, 8, 8, 3, 3, 1, RELU),
    WIDE(DEPTHWISE_CONV_2D, 64, 10, 6, 12, 12, 5, 3, 2, 0),
    WIDE(DEPTHWISE_CONV_2D, 64, 1, 16, 16, 16, 1, 5, 1, 0),
    WIDE(DEPTHWISE_CONV_2D, 64, 8, 8, 3, 3, 3, 3, 1, RELU),
    WIDE(DEPTHWISE_CONV_2D, 64, 1, 16, 2, 4, 1, 5, 1, 0),
    WIDE(DEPTHWISE_CONV_2D, 64, 6, 6, 3, 3, 2, 2, 2, 0),
    WIDE(FULLY_CONNECTED, 64, 1, 1, 12, 10, 1, 1, 1, 0),
    WIDE(FULLY_CONNECTED, 64, 1, 1, 48, 10, 1, 1, 1, 0),
    WIDE(FULLY_CONNECTED, 64, 1, 1, 15, 3, 1, 1, 1, 0),
    WIDE(FULLY_CONNECTED, 32, 1, 1, 200, 16, 1, 1, 1, 0),
    WIDE(FULLY_CONNECTED, 32, 1, 1, 14, 20, 1, 1, 1, 0),
    WIDE(FULLY_CONNECTED, 32, 1, 1, 8, 3, 1, 1, 1, 0),
    /* height, width, channels, channels, window, stride, activation */
    POOL(MAX, 8, 8, 8, 16, 16, 2, 2, 2, 0),
    POOL(MAX, 8, 6, 6, 8, 8, 3, 3, 1, 0),
    POOL(MAX, 8, 20, 1, 24, 24, 4, 1, 2, 0),
    POOL(MAX, 8, 9, 9, 3, 3, 3, 3, 2, 0),
    POOL(MAX, 8, 16, 4, 2, 2, 2, 2, 2, 0),
    POOL(MAX, 8, 14, 14, 1, 1, 2, 2, 2, 0),
    POOL(MAX, 8, 25, 5, 8, 8, 25, 5, 1, 0),
    POOL(AVERAGE, 8, 8, 8, 16, 16, 2, 2, 2, 0),
    POOL(AVERAGE, 8, 6, 6, 8, 8, 3, 3, 1, 0),
    POOL(AVERAGE, 8, 20, 4, 24, 24, 20, 4, 1, 0),
    POOL(AVERAGE, 8, 25, 5, 8, 8, 25, 5, 1, 0),
    POOL(AVERAGE, 8, 9, 9, 3, 3, 3, 3, 2, 0),
    POOL(AVERAGE, 8, 16, 4, 2, 2, 2, 2, 2, 0),
    POOL(MAX, 16, 8, 8, 16, 16, 2, 2, 2, 0),
    POOL(MAX, 16, 6, 6, 8, 8, 3, 3, 1, 0),
    POOL(MAX, 16, 20, 1, 24, 24, 4, 1, 2, 0),
    POOL(MAX, 16, 12, 5, 4, 4, 12, 5, 1, 0),
    POOL(AVERAGE, 16, 8, 8, 16, 16, 2, 2, 2, 0),
    POOL(AVERAGE, 16, 6, 6, 8, 8, 3, 3, 1, 0),
    POOL(AVERAGE, 16, 20, 1, 24, 24, 4, 1, 2, 0),
    POOL(AVERAGE, 16, 12, 5, 4, 4, 12, 5, 1, 0),
    /* rows, channels */
    PLAIN(MEAN, 8, 12, 16),
    PLAIN(MEAN, 8, 49, 64),
    PLAIN(MEAN, 8, 120, 24),
    PLAIN(MEAN, 8, 33, 7),
    PLAIN(MEAN, 16, 12, 16),
    PLAIN(MEAN, 16, 49, 64),
    PLAIN(MEAN, 16, 120, 24),
    PLAIN(ADD, 8, 10, 16),
    PLAIN(ADD, 8, 40, 24),
    PLAIN(ADD, 8, 7, 9),
    PLAIN(SUB, 8, 10, 16),
    PLAIN(SUB, 8, 40, 24),
    PLAIN(SUB, 8, 7, 9),
    PLAIN(MUL, 8, 10, 16),
    PLAIN(MUL, 8, 40, 24),
    PLAIN(MUL, 8, 7, 9),
    PLAIN(SOFTMAX, 8, 1, 3),
    PLAIN(SOFTMAX, 8, 1, 12),
    PLAIN(SOFTMAX, 8, 1, 40),
    PLAIN(SOFTMAX, 8, 1, 130),
    PLAIN(SOFTMAX, 8, 2, 200),
    PLAIN(SOFTMAX, 8, 1, 400),
    /* steps, inputs, units; of SVDF, memory for steps */
    RECURRENT(SVDF, 8, 8, 8, 12, 8),
    RECURRENT(SVDF, 8, 8, 16, 30, 20),
    RECURRENT(SVDF, 8, 8, 5, 64, 16),
    RECURRENT(SVDF, 8, 16, 8, 12, 8),
    RECURRENT(SVDF, 8, 16, 16, 30, 20),
    RECURRENT(SVDF, 8, 16, 5, 64, 16),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 8, 32, 4, 8, 8),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 8, 32, 3, 20, 16),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 8, 32, 2, 40, 32),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 16, 64, 4, 8, 8),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 16, 64, 3, 20, 16),
    RECURRENT(UNIDIRECTIONAL_SEQUENCE_LSTM, 16, 64, 2, 40, 32),
};

/* A model in the making */
typedef struct maker {
    mdg_graph *graph;
    mdg_subgraph *main;
    mdg_rng rng;
    int32_t inputs[MOST_IO], outputs[MOST_IO];
    int n_inputs, n_outputs;
} maker;

static int add_tensor(maker *m, int bits, mdg_shape dims, float scale) {
    const mdg_type type = bits == 4    ? MDG_INT4
                          : bits == 16 ? MDG_INT16
                          : bits == 32 ? MDG_INT32
                          : bits == 64 ? MDG_INT64
                                       : MDG_INT8;
    const int t = mdg_tensor_add(m->graph, m->main, "t", type, dims);
    mdg_tensor_quantize(m->graph, &m->main->tensors[t], scale, 0);
    return t;
}

/* Noise, in which no weight is the lowest number of its bits */
static int add_weights(maker *m, int bits, mdg_shape dims, float scale) {
    const int t = add_tensor(m, bits, dims, scale);
    mdg_tensor *to = &m->main->tensors[t];
    uint8_t *data = mdg_arena_alloc(m->graph->arena, to->bytes);
    for (size_t i = 0; i < to->bytes; i++) {
        const uint32_t low = 1 + mdg_rng_below(&m->rng, 15), high = 1 + mdg_rng_below(&m->rng, 15);
        data[i] =
            bits == 4 ? (uint8_t)((low ^ 8) | (high ^ 8) << 4) : (uint8_t)(mdg_rng_below(&m->rng, 255) - 127);
    }
    if (bits > 8) /* numbers near 0 */
        for (size_t i = 0; i < to->bytes; i++) data[i] = i % ((size_t)bits / 8) ? 0 : data[i] & 127;
    mdg_tensor_set_data(to, data);
    return t;
}

static int add_state(maker *m, int bits, mdg_shape dims, float scale) {
    const int t = add_tensor(m, bits, dims, scale);
    m->main->tensors[t].is_variable = true;
    return t;
}

static mdg_op *add_op(maker *m, const layer *l, int n_inputs, mdg_shape x, mdg_shape y, float y_scale) {
    mdg_op *op = mdg_op_add(m->graph, m->main, l->code, n_inputs, 1);
    op->inputs[0] = m->inputs[m->n_inputs++] = add_tensor(m, l->x, x, l->x == 16 ? 1.0f / 4096 : 1.0f / 32);
    op->outputs[0] = m->outputs[m->n_outputs++] = add_tensor(m, l->x, y, y_scale);
    return op;
}

/* The scale of sums of n products whose weights have w_scale */
static float sum_scale(const layer *l, float w_scale, int n) {
    return (l->x == 16 ? 1.0f / 4096 : 1.0f / 32) * w_scale * 40 * sqrtf((float)n);
}

static float weight_scale(const layer *l) {
    return l->w == 4 ? 1.0f / 8 : 1.0f / 128;
}

static void set_bias(maker *m, const layer *l, mdg_op *op) {
    op->inputs[2] = add_weights(m, l->bias, mdg_shape_of(1, l->count), 1.0f / 4096);
}

static void set_window(const layer *l, mdg_op *op) {
    if (l->code == MDG_OP_CONV_2D) {
        mdg_conv2d_attrs *a = op->attrs;
        a->stride_h = a->stride_w = l->stride, a->activation = l->act;
    } else {
        mdg_depthwise_conv2d_attrs *a = op->attrs;
        a->stride_h = a->stride_w = l->stride, a->activation = l->act;
        a->depth_multiplier = l->count / l->channels;
    }
}

/* Rows of one pixel have no padding, pictures have. */
static void add_convolution(maker *m, const layer *l) {
    const bool is_depthwise = l->code == MDG_OP_DEPTHWISE_CONV_2D, pads = l->height > 1;
    const int taps = l->kernel_h * l->kernel_w * (is_depthwise ? 1 : l->channels);
    const int w = pads ? (l->width + l->stride - 1) / l->stride : (l->width - l->kernel_w) / l->stride + 1;
    mdg_op *op = add_op(m, l, 3, mdg_shape_of(4, 1, l->height, l->width, l->channels),
                        mdg_shape_of(4, 1, pads ? (l->height + l->stride - 1) / l->stride : 1, w, l->count),
                        sum_scale(l, weight_scale(l), taps));
    op->inputs[1] =
        add_weights(m, l->w,
                    is_depthwise ? mdg_shape_of(4, 1, l->kernel_h, l->kernel_w, l->count)
                                 : mdg_shape_of(4, l->count, l->kernel_h, l->kernel_w, l->channels),
                    weight_scale(l));
    if (l->act == RELU && l->x == 8) m->main->tensors[op->outputs[0]].quant.zero_point[0] = -128;
    set_bias(m, l, op);
    set_window(l, op);
    if (is_depthwise)
        ((mdg_depthwise_conv2d_attrs *)op->attrs)->padding = pads ? MDG_PADDING_SAME : MDG_PADDING_VALID;
    else
        ((mdg_conv2d_attrs *)op->attrs)->padding = pads ? MDG_PADDING_SAME : MDG_PADDING_VALID;
}

static void add_dense(maker *m, const layer *l) {
    mdg_op *op = add_op(m, l, 3, mdg_shape_of(2, 1, l->channels), mdg_shape_of(2, 1, l->count),
                        sum_scale(l, weight_scale(l), l->channels));
    op->inputs[1] = add_weights(m, l->w, mdg_shape_of(2, l->count, l->channels), weight_scale(l));
    set_bias(m, l, op);
}

static void add_pool(maker *m, const layer *l) {
    const int h = (l->height - l->kernel_h) / l->stride + 1, w = (l->width - l->kernel_w) / l->stride + 1;
    mdg_op *op = add_op(m, l, 1, mdg_shape_of(4, 1, l->height, l->width, l->channels),
                        mdg_shape_of(4, 1, h, w, l->channels), l->x == 16 ? 1.0f / 4096 : 1.0f / 32);
    mdg_pool2d_attrs *a = op->attrs;
    a->padding = MDG_PADDING_VALID, a->stride_h = a->stride_w = l->stride;
    a->filter_h = l->kernel_h, a->filter_w = l->kernel_w, a->activation = l->act;
}

static void add_mean(maker *m, const layer *l) {
    static const int32_t axes[] = {1};
    mdg_op *op = add_op(m, l, 2, mdg_shape_of(3, 1, l->height, l->channels), mdg_shape_of(2, 1, l->channels),
                        l->x == 16 ? 1.0f / 8192 : 1.0f / 64);
    op->inputs[1] = mdg_tensor_add(m->graph, m->main, "axes", MDG_INT32, mdg_shape_of(1, 1));
    mdg_tensor_set_data(&m->main->tensors[op->inputs[1]], axes);
}

static void add_plain(maker *m, const layer *l) {
    const mdg_shape dims = mdg_shape_of(2, l->height, l->channels);
    const bool is_softmax = l->code == MDG_OP_SOFTMAX;
    mdg_op *op = add_op(m, l, is_softmax ? 1 : 2, dims, dims, is_softmax ? 1.0f / 256 : 1.0f / 20);
    if (is_softmax) {
        m->main->tensors[op->outputs[0]].quant.zero_point[0] = -128;
        ((mdg_softmax_attrs *)op->attrs)->beta = 1;
    } else {
        op->inputs[1] = m->inputs[m->n_inputs++] = add_tensor(m, l->x, dims, 1.0f / 48);
    }
}

/* bias: bits of the state */
static void add_svdf(maker *m, const layer *l) {
    mdg_op *op = add_op(m, l, 5, mdg_shape_of(2, 1, l->channels), mdg_shape_of(2, 1, l->count), 1.0f / 16);
    op->inputs[1] = add_weights(m, 8, mdg_shape_of(2, l->count, l->channels), weight_scale(l));
    op->inputs[2] = add_weights(m, l->bias, mdg_shape_of(2, l->count, l->width), weight_scale(l));
    op->inputs[4] = add_state(m, l->bias, mdg_shape_of(2, 1, l->count * l->width),
                              l->bias == 16 ? 1.0f / 2048 : 1.0f / 16);
    const float scale = m->main->tensors[op->inputs[4]].quant.scale[0] * weight_scale(l);
    op->inputs[3] = add_weights(m, 32, mdg_shape_of(1, l->count), scale);
    ((mdg_svdf_attrs *)op->attrs)->rank = 1;
    ((mdg_svdf_attrs *)op->attrs)->activation = RELU;
}

static void add_lstm(maker *m, const layer *l) {
    const float x_scale = l->x == 16 ? 1.0f / 4096 : 1.0f / 32,
                y_scale = l->x == 16 ? 1.0f / 32768 : 1.0f / 128;
    mdg_op *op = add_op(m, l, LSTM_INPUTS, mdg_shape_of(3, 1, l->width, l->channels),
                        mdg_shape_of(3, 1, l->width, l->count), y_scale);
    for (int g = 0; g < GATES; g++) {
        op->inputs[1 + g] = add_weights(m, 8, mdg_shape_of(2, l->count, l->channels), weight_scale(l));
        op->inputs[5 + g] = add_weights(m, 8, mdg_shape_of(2, l->count, l->count), weight_scale(l));
        op->inputs[12 + g] = add_weights(m, l->bias, mdg_shape_of(1, l->count), x_scale * weight_scale(l));
    }
    op->inputs[18] = add_state(m, l->x, mdg_shape_of(2, 1, l->count), y_scale);
    op->inputs[19] = add_state(m, 16, mdg_shape_of(2, 1, l->count), 1.0f / 2048);
    ((mdg_sequence_lstm_attrs *)op->attrs)->activation = MDG_ACT_TANH;
}

static void add_layer(maker *m, const layer *l) {
    switch (l->code) {
    case MDG_OP_CONV_2D:
    case MDG_OP_DEPTHWISE_CONV_2D: add_convolution(m, l); break;
    case MDG_OP_FULLY_CONNECTED: add_dense(m, l); break;
    case MDG_OP_MAX_POOL_2D:
    case MDG_OP_AVERAGE_POOL_2D: add_pool(m, l); break;
    case MDG_OP_MEAN: add_mean(m, l); break;
    case MDG_OP_SVDF: add_svdf(m, l); break;
    case MDG_OP_UNIDIRECTIONAL_SEQUENCE_LSTM: add_lstm(m, l); break;
    default: add_plain(m, l); break;
    }
}

static mdg_status make(const char *to, mdg_arena *arena, mdg_diag *diag) {
    maker m = {.graph = mdg_graph_new(arena), .rng = mdg_rng_of(1, 0)};
    m.main = mdg_subgraph_add(m.graph, "main");
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) add_layer(&m, &layers[i]);
    mdg_subgraph_set_io(m.graph, m.main, m.n_inputs, m.inputs, m.n_outputs, m.outputs);
    return mdg_tflite_save(m.graph, to, diag);
}

int main(int argc, char **argv) {
    mdg_diag diag = {""};
    mdg_arena *arena = mdg_arena_new();
    const mdg_status status = argc == 2 ? make(argv[1], arena, &diag)
                                        : mdg_fail(&diag, MDG_INVALID, "usage: bench.shapes TO.tflite");
    if (status != MDG_OK) fprintf(stderr, "bench.shapes: %s\n", diag.text);
    mdg_arena_free(arena);
    return status != MDG_OK;
}
