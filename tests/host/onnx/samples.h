/* SPDX-License-Identifier: MIT
 *
 * samples.h: small ONNX networks that together use all that the reader knows.
 */
#ifndef MDG_TEST_ONNX_SAMPLES_H
#define MDG_TEST_ONNX_SAMPLES_H

#include "tests/host/onnx/writer.h"

#define D(...)                                                                                               \
    (int)(sizeof((int64_t[]){__VA_ARGS__}) / sizeof(int64_t)), (int64_t[]) {                                 \
        __VA_ARGS__                                                                                          \
    }

/* Weights, and a convolution with the same padding on all sides. */
static inline onnx_node_ref sample_conv(onnx_model *m, const char *x, const char *y, const int64_t *weights,
                                        int64_t pad, int64_t stride) {
    const char *w = mdg_arena_printf(m->arena, "%s_w", y), *b = mdg_arena_printf(m->arena, "%s_b", y);
    onnx_random(m, w, 4, weights, 0.5f);
    onnx_random(m, b, D(weights[0]), 0.5f);
    onnx_node_ref n = onnx_node(m, "Conv", mdg_arena_printf(m->arena, "%s %s %s", x, w, b), y);
    onnx_ints(n, "pads", 4, (int64_t[]){pad, pad, pad, pad});
    return onnx_ints(n, "strides", 2, (int64_t[]){stride, stride});
}

static inline void sample_norm(onnx_model *m, const char *x, const char *y, int64_t channels) {
    const char *s = mdg_arena_printf(m->arena, "%s_s", y), *b = mdg_arena_printf(m->arena, "%s_b", y),
               *mean = mdg_arena_printf(m->arena, "%s_m", y), *v = mdg_arena_printf(m->arena, "%s_v", y);
    onnx_between(m, s, D(channels), 0.5f, 2);
    onnx_random(m, b, D(channels), 1);
    onnx_random(m, mean, D(channels), 1);
    onnx_between(m, v, D(channels), 0.2f, 2);
    onnx_float(
        onnx_node(m, "BatchNormalization", mdg_arena_printf(m->arena, "%s %s %s %s %s", x, s, b, mean, v), y),
        "epsilon", 0.001f);
}

static inline onnx_model *sample_cnn(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 17);
    onnx_input(m, "x", ONNX_FLOAT, D(-1, 3, 12, 10));
    onnx_number(m, "zero", 0);
    onnx_number(m, "six", 6);
    sample_conv(m, "x", "c1", (int64_t[]){8, 3, 3, 3}, 1, 1);
    sample_norm(m, "c1", "n1", 8);
    onnx_node(m, "Relu", "n1", "r1");
    sample_conv(m, "r1", "c2", (int64_t[]){6, 8, 3, 3}, 1, 2);
    onnx_node(m, "Clip", "c2 zero six", "r2");
    onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "r2", "p"), "kernel_shape", D(2, 2)), "strides", D(2, 2));
    onnx_node(m, "Flatten", "p", "f");
    onnx_random(m, "w", D(5, 36), 0.1f);
    onnx_random(m, "b", D(5), 1);
    onnx_int(onnx_node(m, "Gemm", "f w b", "g"), "transB", 1);
    onnx_int(onnx_node(m, "Softmax", "g", "y"), "axis", 1);
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_residual(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 4, 8, 8));
    sample_conv(m, "x", "c1", (int64_t[]){4, 4, 3, 3}, 1, 1);
    onnx_node(m, "Relu", "c1", "r1");
    sample_conv(m, "r1", "c2", (int64_t[]){4, 4, 3, 3}, 1, 1);
    onnx_node(m, "Add", "c2 x", "a");
    onnx_node(m, "Relu", "a", "r2");
    onnx_node(m, "GlobalAveragePool", "r2", "p");
    onnx_int(onnx_node(m, "Flatten", "p", "f"), "axis", 1);
    onnx_random(m, "w", D(4, 3), 1);
    onnx_random(m, "b", D(3), 1);
    onnx_node(m, "MatMul", "f w", "g");
    onnx_node(m, "Add", "g b", "y");
    onnx_output(m, "y");
    onnx_output(m, "r2");
    return m;
}

/* Reshape by arithmetic on the shape, as exporters write it. */
static inline onnx_model *sample_mobile(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 14);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 6, 9, 7));
    onnx_random(m, "dw", D(12, 1, 3, 3), 0.5f);
    onnx_int(onnx_ints(onnx_node(m, "Conv", "x dw", "d"), "pads", D(0, 1, 2, 1)), "group", 6);
    onnx_node(m, "HardSwish", "d", "h");
    sample_conv(m, "h", "c", (int64_t[]){8, 12, 1, 1}, 0, 1);
    onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "c", "p"), "kernel_shape", D(3, 2)), "strides", D(2, 2));
    onnx_node(m, "Shape", "p", "s");
    onnx_constant(m, "first", ONNX_INT64, 0, NULL, &(int64_t){0}, 8);
    onnx_list(m, "minus", D(-1));
    onnx_list(m, "axis0", D(0));
    onnx_node(m, "Gather", "s first", "n");
    onnx_node(m, "Unsqueeze", "n axis0", "n1");
    onnx_int(onnx_node(m, "Concat", "n1 minus", "shape"), "axis", 0);
    onnx_node(m, "Reshape", "p shape", "f");
    onnx_random(m, "w", D(8 * 4 * 3, 4), 0.2f);
    onnx_random(m, "b", D(1, 4), 0.2f);
    onnx_node(m, "Gemm", "f w b", "y");
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_dense(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 11);
    onnx_input(m, "x", ONNX_FLOAT, D(3, 10));
    onnx_random(m, "w1", D(10, 8), 0.5f);
    onnx_random(m, "b1", D(8), 0.5f);
    onnx_random(m, "w2", D(8, 8), 0.5f);
    onnx_random(m, "c", D(3, 1), 0.5f);
    onnx_float(onnx_float(onnx_node(m, "Gemm", "x w1 b1", "g1"), "alpha", 0.5f), "beta", 2);
    sample_norm(m, "g1", "n1", 8);
    onnx_node(m, "Relu", "n1", "r1");
    onnx_node(m, "Dropout", "r1", "d");
    onnx_node(m, "Gemm", "d w2 c", "g2");
    onnx_node(m, "Sigmoid", "g2", "y");
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_conv1d(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 3, 40));
    onnx_random(m, "w1", D(8, 3, 5), 0.4f);
    onnx_random(m, "b1", D(8), 0.4f);
    onnx_random(m, "w2", D(8, 1, 3), 0.4f);
    onnx_ints(onnx_ints(onnx_node(m, "Conv", "x w1 b1", "c1"), "pads", D(2, 2)), "strides", D(2));
    onnx_node(m, "Relu", "c1", "r1");
    onnx_int(onnx_ints(onnx_node(m, "Conv", "r1 w2", "c2"), "dilations", D(2)), "group", 8);
    onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "c2", "p"), "kernel_shape", D(2)), "strides", D(2));
    onnx_node(m, "Tanh", "p", "t");
    onnx_node(m, "Flatten", "t", "f");
    onnx_random(m, "w", D(64, 3), 0.3f);
    onnx_node(m, "MatMul", "f w", "y");
    onnx_output(m, "y");
    return m;
}

/* Maps come in and leave channels last, as converters from TensorFlow write it. */
static inline onnx_model *sample_nhwc(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 15);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 8, 6, 3));
    onnx_ints(onnx_node(m, "Transpose", "x", "t"), "perm", D(0, 3, 1, 2));
    sample_conv(m, "t", "c", (int64_t[]){4, 3, 3, 3}, 1, 1);
    onnx_ints(onnx_node(m, "Transpose", "c", "u"), "perm", D(0, 2, 3, 1));
    onnx_random(m, "bias", D(4), 1);
    onnx_node(m, "Add", "u bias", "y");
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_shuffle(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 6, 5, 4));
    onnx_random(m, "w", D(6, 2, 3, 3), 0.5f);
    onnx_int(onnx_ints(onnx_node(m, "Conv", "x w", "g"), "pads", D(1, 1, 1, 1)), "group", 3);
    onnx_list(m, "split", D(1, 3, 2, 5, 4));
    onnx_list(m, "join", D(0, -1, 5, 4));
    onnx_node(m, "Reshape", "g split", "s");
    onnx_ints(onnx_node(m, "Transpose", "s", "t"), "perm", D(0, 2, 1, 3, 4));
    onnx_node(m, "Reshape", "t join", "j");
    sample_conv(m, "j", "y", (int64_t[]){2, 6, 1, 1}, 0, 1);
    onnx_output(m, "y");
    return m;
}

/* Branches, a squeeze-and-excitation block, a slice, a pad. */
static inline onnx_model *sample_branches(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 4, 6, 6));
    sample_conv(m, "x", "a", (int64_t[]){4, 4, 1, 1}, 0, 1);
    sample_conv(m, "x", "b", (int64_t[]){3, 4, 3, 3}, 1, 1);
    onnx_random(m, "k", D(1, 2, 6, 6), 1);
    onnx_int(onnx_node(m, "Concat", "a b k", "c"), "axis", 1);
    onnx_node(m, "GlobalAveragePool", "c", "g");
    sample_conv(m, "g", "s1", (int64_t[]){3, 9, 1, 1}, 0, 1);
    onnx_node(m, "Relu", "s1", "s2");
    sample_conv(m, "s2", "s3", (int64_t[]){9, 3, 1, 1}, 0, 1);
    onnx_node(m, "HardSigmoid", "s3", "s4");
    onnx_node(m, "Mul", "s4 c", "e");
    onnx_list(m, "starts", D(2, -5));
    onnx_list(m, "ends", D(8, 1000));
    onnx_list(m, "axes", D(1, 3));
    onnx_list(m, "steps", D(1, 2));
    onnx_node(m, "Slice", "e starts ends axes steps", "l");
    onnx_list(m, "pads", D(0, 0, 1, 0, 0, 0, 0, 2));
    onnx_number(m, "fill", 0.25f);
    onnx_node(m, "Pad", "l pads fill", "y");
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_elementwise(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 4, 5, 3));
    sample_norm(m, "x", "n", 4);
    onnx_between(m, "d", D(4, 1, 1), 0.5f, 2);
    onnx_random(m, "s", D(5, 1), 1);
    onnx_node(m, "Div", "n d", "q");
    onnx_node(m, "Sub", "s q", "u");
    onnx_float(onnx_node(m, "LeakyRelu", "u", "l"), "alpha", 0.1f);
    onnx_number(m, "low", -0.5f);
    onnx_number(m, "high", 0.75f);
    onnx_node(m, "Clip", "l low high", "c");
    onnx_node(m, "Max", "c x", "z");
    onnx_int(onnx_ints(onnx_node(m, "ReduceMean", "z", "r"), "axes", D(2, -1)), "keepdims", 0);
    onnx_list(m, "two", D(2));
    onnx_node(m, "Unsqueeze", "r two", "v");
    onnx_node(m, "Mul", "v v", "y");
    onnx_output(m, "y");
    return m;
}

/* Attributes where new operator sets have inputs; Softmax over all that follows its axis. */
static inline onnx_model *sample_old(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 7);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 3, 7, 7));
    onnx_ints(onnx_float(onnx_node(m, "Pad", "x", "p"), "value", 0), "pads", D(0, 0, 1, 1, 0, 0, 1, 1));
    sample_conv(m, "p", "c", (int64_t[]){4, 3, 3, 3}, 0, 1);
    onnx_float(onnx_float(onnx_node(m, "Clip", "c", "l"), "min", 0), "max", 6);
    onnx_ints(onnx_ints(onnx_ints(onnx_node(m, "Slice", "l", "s"), "starts", D(0, 0)), "ends", D(4, 3)),
              "axes", D(2, 3));
    onnx_ints(onnx_node(m, "Unsqueeze", "s", "u"), "axes", D(0));
    onnx_ints(onnx_node(m, "Squeeze", "u", "v"), "axes", D(0));
    onnx_node(m, "Softmax", "v", "y");
    onnx_output(m, "y");
    return m;
}

static inline onnx_model *sample_attention(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 5, 8));
    onnx_random(m, "wq", D(8, 8), 0.5f);
    onnx_random(m, "wk", D(8, 8), 0.5f);
    onnx_random(m, "wv", D(8, 8), 0.5f);
    onnx_random(m, "bv", D(8), 0.5f);
    onnx_node(m, "MatMul", "x wq", "q");
    onnx_node(m, "MatMul", "x wk", "k");
    onnx_node(m, "MatMul", "x wv", "v0");
    onnx_node(m, "Add", "bv v0", "v");
    onnx_ints(onnx_node(m, "Transpose", "k", "kt"), "perm", D(0, 2, 1));
    onnx_node(m, "MatMul", "q kt", "s");
    onnx_int(onnx_node(m, "Softmax", "s", "a"), "axis", -1);
    onnx_node(m, "MatMul", "a v", "y");
    onnx_output(m, "y");
    return m;
}

/* A norm behind the flattened map: its constants must follow the map's order. */
static inline onnx_model *sample_flat_norm(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(2, 3, 4, 5));
    sample_conv(m, "x", "c", (int64_t[]){3, 3, 3, 3}, 1, 1);
    onnx_node(m, "Flatten", "c", "f");
    sample_norm(m, "f", "n", 60);
    onnx_random(m, "w", D(60, 4), 0.2f);
    onnx_node(m, "MatMul", "n w", "g");
    onnx_output(m, "g");
    return m;
}

/* All kinds of padding. */
static inline onnx_model *sample_paddings(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 2, 13, 12));
    onnx_random(m, "w", D(3, 2, 5, 3), 0.4f);
    onnx_random(m, "v", D(2, 3, 2, 2), 0.4f);
    onnx_text(onnx_ints(onnx_node(m, "Conv", "x w", "c1"), "strides", D(2, 1)), "auto_pad", "SAME_UPPER");
    onnx_ints(onnx_ints(onnx_node(m, "Conv", "c1 v", "c2"), "dilations", D(2, 3)), "pads", D(1, 0, 2, 1));
    onnx_ints(onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "c2", "p1"), "kernel_shape", D(3, 3)), "strides",
                        D(2, 2)),
              "pads", D(1, 1, 1, 1));
    onnx_int(onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "c2", "p2"), "kernel_shape", D(2, 3)), "pads",
                       D(1, 1, 0, 1)),
             "count_include_pad", 1);
    onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "c2", "p3"), "kernel_shape", D(3, 3)), "pads",
              D(1, 1, 1, 1));
    onnx_text(onnx_ints(onnx_node(m, "MaxPool", "c2", "p4"), "kernel_shape", D(2, 2)), "auto_pad", "VALID");
    onnx_int(onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "c2", "p5"), "kernel_shape", D(2, 2)), "strides",
                       D(2, 2)),
             "ceil_mode", 1);
    onnx_node(m, "GlobalMaxPool", "c2", "p6");
    for (int i = 1; i <= 6; i++) onnx_output(m, mdg_arena_printf(arena, "p%d", i));
    return m;
}

/* -- quantised -- */

/* Quantised convolution NAME of X_r: weights per channel, int32 bias. */
static inline onnx_node_ref sample_qconv(onnx_model *m, const char *x, float x_scale, const char *y,
                                         const int64_t *weights, float scale) {
    const char *w = mdg_arena_printf(m->arena, "%s_w", y), *b = mdg_arena_printf(m->arena, "%s_b", y);
    onnx_weights(m, w, 4, weights, 0, scale);
    onnx_int_bias(m, b, w, weights[0], x_scale);
    return onnx_node(m, "Conv", mdg_arena_printf(m->arena, "%s_r %s %s", x, w, b), y);
}

static inline onnx_model *sample_qdq_cnn(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 3, 12, 12));
    onnx_qdq(m, "x", ONNX_INT8, 0.008f, -3);
    onnx_ints(sample_qconv(m, "x", 0.008f, "c1", (int64_t[]){8, 3, 3, 3}, 0.01f), "pads", D(1, 1, 1, 1));
    onnx_node(m, "Relu", "c1", "r1");
    onnx_qdq(m, "r1", ONNX_INT8, 0.03f, -128);
    onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "r1_r", "p"), "kernel_shape", D(2, 2)), "strides", D(2, 2));
    onnx_qdq(m, "p", ONNX_INT8, 0.03f, -128);
    onnx_ints(
        onnx_ints(sample_qconv(m, "p", 0.03f, "c2", (int64_t[]){6, 8, 3, 3}, 0.005f), "pads", D(1, 1, 1, 1)),
        "strides", D(2, 2));
    onnx_qdq(m, "c2", ONNX_INT8, 0.06f, 5);
    onnx_node(m, "Flatten", "c2_r", "f");
    onnx_qdq(m, "f", ONNX_INT8, 0.06f, 5);
    onnx_weights(m, "w", D(10, 54), -1, 0.004f);
    onnx_int_bias(m, "b", "w", 10, 0.06f);
    onnx_int(onnx_node(m, "Gemm", "f_r w b", "g"), "transB", 1);
    onnx_qdq(m, "g", ONNX_INT8, 0.1f, 2);
    onnx_output(m, "g_r");
    return m;
}

/* Activations of uint8, a residual, a mean with another scale, MatMul and Add one by one. */
static inline onnx_model *sample_qdq_u8(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 4, 8, 8));
    onnx_qdq(m, "x", ONNX_UINT8, 0.0079f, 127);
    onnx_ints(sample_qconv(m, "x", 0.0079f, "c", (int64_t[]){4, 4, 3, 3}, 0.008f), "pads", D(1, 1, 1, 1));
    onnx_qdq(m, "c", ONNX_UINT8, 0.02f, 130);
    onnx_node(m, "Add", "c_r x_r", "a");
    onnx_node(m, "Relu", "a", "r");
    onnx_qdq(m, "r", ONNX_UINT8, 0.015f, 0);
    onnx_node(m, "GlobalAveragePool", "r_r", "p");
    onnx_qdq(m, "p", ONNX_UINT8, 0.006f, 0);
    onnx_list(m, "shape", D(0, -1));
    onnx_node(m, "Reshape", "p_r shape", "f");
    onnx_qdq(m, "f", ONNX_UINT8, 0.006f, 0);
    onnx_weights(m, "w", D(4, 6), 1, 0.01f);
    onnx_node(m, "MatMul", "f_r w", "g");
    onnx_qdq(m, "g", ONNX_UINT8, 0.012f, 128);
    onnx_weights(m, "b", D(6), -1, 0.01f);
    onnx_node(m, "Add", "g_r b", "h");
    onnx_qdq(m, "h", ONNX_UINT8, 0.02f, 120);
    onnx_output(m, "h_r");
    return m;
}

static inline onnx_model *sample_qdq_mobile(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 14);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 4, 10, 10));
    onnx_qdq(m, "x", ONNX_INT8, 0.008f, 0);
    onnx_int(sample_qconv(m, "x", 0.008f, "d", (int64_t[]){8, 1, 3, 3}, 0.01f), "group", 4);
    onnx_number(m, "zero", 0);
    onnx_number(m, "six", 6);
    onnx_node(m, "Clip", "d zero six", "l");
    onnx_qdq(m, "l", ONNX_INT8, 0.02f, -128);
    sample_qconv(m, "l", 0.02f, "c", (int64_t[]){6, 8, 1, 1}, 0.008f);
    onnx_qdq(m, "c", ONNX_INT8, 0.03f, 10);
    onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "c_r", "p"), "kernel_shape", D(2, 2)), "strides",
              D(2, 2));
    onnx_qdq(m, "p", ONNX_INT8, 0.03f, 10);
    onnx_ints(onnx_ints(onnx_node(m, "MaxPool", "c_r", "q"), "kernel_shape", D(2, 2)), "strides", D(2, 2));
    onnx_qdq(m, "q", ONNX_INT8, 0.03f, 10);
    onnx_int(onnx_node(m, "Concat", "p_r q_r", "k"), "axis", 1);
    onnx_qdq(m, "k", ONNX_INT8, 0.03f, 10);
    onnx_number(m, "half", 0.5f);
    onnx_node(m, "Mul", "k_r half", "m");
    onnx_qdq(m, "m", ONNX_INT8, 0.016f, 4);
    onnx_int(onnx_ints(onnx_node(m, "ReduceMean", "m_r", "r"), "axes", D(2, 3)), "keepdims", 0);
    onnx_qdq(m, "r", ONNX_INT8, 0.01f, 0);
    onnx_output(m, "r_r");
    onnx_output(m, "m_r");
    return m;
}

/* Activations that are tables or curves in integers. */
static inline onnx_model *sample_qdq_curves(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 14);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 60));
    onnx_qdq(m, "x", ONNX_INT8, 0.03f, 4);
    onnx_node(m, "Sigmoid", "x_r", "s");
    onnx_qdq(m, "s", ONNX_INT8, 1 / 256.0f, -128);
    onnx_node(m, "Tanh", "x_r", "t");
    onnx_qdq(m, "t", ONNX_INT8, 1 / 128.0f, 0);
    onnx_float(onnx_node(m, "LeakyRelu", "x_r", "l"), "alpha", 0.1f);
    onnx_qdq(m, "l", ONNX_INT8, 0.02f, -50);
    onnx_node(m, "HardSwish", "x_r", "h");
    onnx_qdq(m, "h", ONNX_INT8, 0.02f, -60);
    onnx_int(onnx_node(m, "Softmax", "x_r", "y"), "axis", -1);
    onnx_qdq(m, "y", ONNX_INT8, 1 / 256.0f, -128);
    onnx_output(m, "s_r");
    onnx_output(m, "t_r");
    onnx_output(m, "l_r");
    onnx_output(m, "h_r");
    onnx_output(m, "y_r");
    return m;
}

/* Operators on integers, from uint8 to uint8. */
static inline onnx_model *sample_qoperator(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_UINT8, D(1, 3, 6, 6));
    onnx_affine(m, "x", ONNX_UINT8, 0.01f, 120);
    onnx_random_int8(m, "w", D(4, 3, 3, 3));
    onnx_between(m, "w_scale", D(4), 0.004f, 0.008f);
    onnx_constant(m, "w_zero", ONNX_INT8, D(4), (int8_t[4]){0}, 1);
    onnx_constant(m, "b", ONNX_INT32, D(4), (int32_t[]){300, -700, 1100, 0}, 4);
    onnx_affine(m, "c", ONNX_UINT8, 0.02f, 128);
    onnx_ints(onnx_node(m, "QLinearConv", "x x_scale x_zero w w_scale w_zero c_scale c_zero b", "c"), "pads",
              D(1, 1, 1, 1));
    onnx_affine(m, "l", ONNX_UINT8, 0.015f, 40);
    onnx_float(onnx_own(m, "QLinearLeakyRelu", "c c_scale c_zero l_scale l_zero", "l"), "alpha", 0.2f);
    onnx_affine(m, "a", ONNX_UINT8, 0.03f, 110);
    onnx_own(m, "QLinearAdd", "c c_scale c_zero l l_scale l_zero a_scale a_zero", "a");
    onnx_affine(m, "p", ONNX_UINT8, 0.01f, 100);
    onnx_own(m, "QLinearGlobalAveragePool", "a a_scale a_zero p_scale p_zero", "p");
    onnx_node(m, "Flatten", "p", "f");
    onnx_random_int8(m, "v", D(4, 5));
    onnx_affine(m, "v", ONNX_INT8, 0.01f, 0);
    onnx_affine(m, "y", ONNX_UINT8, 0.02f, 90);
    onnx_node(m, "QLinearMatMul", "f p_scale p_zero v v_scale v_zero y_scale y_zero", "y");
    onnx_output_of(m, "y", ONNX_UINT8);
    return m;
}

/* The other operators on integers, each on the input, so that no rounding adds to another. */
static inline onnx_model *sample_qoperator_more(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_UINT8, D(1, 4, 6, 6));
    onnx_affine(m, "x", ONNX_UINT8, 0.0101f, 120);
    onnx_affine(m, "p", ONNX_UINT8, 0.0073f, 120);
    onnx_ints(onnx_ints(onnx_own(m, "QLinearAveragePool", "x x_scale x_zero p_scale p_zero", "p"),
                        "kernel_shape", D(2, 2)),
              "strides", D(2, 2));
    onnx_affine(m, "s", ONNX_UINT8, 1 / 256.0f, 0);
    onnx_own(m, "QLinearSigmoid", "x x_scale x_zero s_scale s_zero", "s");
    onnx_affine(m, "u", ONNX_UINT8, 0.0061f, 40);
    onnx_own(m, "QLinearMul", "x x_scale x_zero x x_scale x_zero u_scale u_zero", "u");
    onnx_affine(m, "c", ONNX_UINT8, 0.0117f, 100);
    onnx_int(onnx_own(m, "QLinearConcat", "c_scale c_zero u u_scale u_zero x x_scale x_zero", "c"), "axis",
             1);
    onnx_node(m, "Flatten", "x", "f");
    onnx_random_int8(m, "w", D(6, 144));
    onnx_between(m, "w_scale", D(6), 0.004f, 0.008f);
    onnx_constant(m, "w_zero", ONNX_INT8, D(6), (int8_t[6]){0}, 1);
    onnx_constant(m, "b", ONNX_INT32, D(6), (int32_t[]){300, -700, 1100, 0, 5, 6}, 4);
    onnx_affine(m, "g", ONNX_UINT8, 0.0507f, 128);
    onnx_int(onnx_own(m, "QGemm", "f x_scale x_zero w w_scale w_zero b g_scale g_zero", "g"), "transB", 1);
    onnx_affine(m, "y", ONNX_UINT8, 1 / 256.0f, 0);
    onnx_int(onnx_int(onnx_own(m, "QLinearSoftmax", "x x_scale x_zero y_scale y_zero", "y"), "axis", -1),
             "opset", 13);
    onnx_output_of(m, "p", ONNX_UINT8);
    onnx_output_of(m, "s", ONNX_UINT8);
    onnx_output_of(m, "u", ONNX_UINT8);
    onnx_output_of(m, "c", ONNX_UINT8);
    onnx_output_of(m, "g", ONNX_UINT8);
    onnx_output_of(m, "y", ONNX_UINT8);
    return m;
}

/* Quantised values that move: pads, slices, concatenations of different scales; clips, differences, a mean.
 */
static inline onnx_model *sample_qdq_moves(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 3, 8, 6));
    onnx_qdq(m, "x", ONNX_INT8, 0.0091f, 10);
    onnx_list(m, "pads", D(0, 0, 1, 0, 0, 0, 1, 1));
    onnx_node(m, "Pad", "x_r pads", "p");
    onnx_qdq(m, "p", ONNX_INT8, 0.0091f, 10);
    onnx_number(m, "low", -0.4f);
    onnx_number(m, "high", 0.7f);
    onnx_node(m, "Clip", "p_r low high", "c");
    onnx_qdq(m, "c", ONNX_INT8, 0.0061f, -20);
    onnx_node(m, "Sub", "c_r p_r", "d");
    onnx_qdq(m, "d", ONNX_INT8, 0.0083f, 0);
    onnx_int(onnx_node(m, "Concat", "d_r c_r p_r", "k"), "axis", 1);
    onnx_qdq(m, "k", ONNX_INT8, 0.0107f, 3);
    onnx_list(m, "starts", D(1, 2));
    onnx_list(m, "ends", D(9, 6));
    onnx_list(m, "axes", D(1, 2));
    onnx_node(m, "Slice", "k_r starts ends axes", "s");
    onnx_qdq(m, "s", ONNX_INT8, 0.0107f, 3);
    onnx_node(m, "Relu", "s_r", "r");
    onnx_qdq(m, "r", ONNX_INT8, 0.0053f, -128);
    onnx_ints(onnx_ints(onnx_node(m, "AveragePool", "p_r", "a"), "kernel_shape", D(2, 3)), "strides",
              D(2, 2));
    onnx_qdq(m, "a", ONNX_INT8, 0.0037f, -5);
    onnx_output(m, "a_r");
    onnx_output(m, "s_r");
    onnx_output(m, "c_r");
    onnx_output(m, "d_r");
    onnx_output(m, "r_r");
    return m;
}

/* As trained with quantisation: weights are float32 through QuantizeLinear, biases float32. */
static inline onnx_model *sample_qdq_trained(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 2, 20));
    onnx_qdq(m, "x", ONNX_INT8, 0.008f, 0);
    onnx_random(m, "w", D(4, 2, 3), 0.5f);
    onnx_random(m, "b", D(4), 0.5f);
    onnx_between(m, "w_scale", D(4), 0.004f, 0.006f);
    onnx_constant(m, "w_zero", ONNX_INT8, D(4), (int8_t[4]){0}, 1);
    onnx_int(onnx_node(m, "QuantizeLinear", "w w_scale w_zero", "w_q"), "axis", 0);
    onnx_int(onnx_node(m, "DequantizeLinear", "w_q w_scale w_zero", "w_r"), "axis", 0);
    onnx_ints(onnx_node(m, "Conv", "x_r w_r b", "c"), "pads", D(1, 1));
    onnx_node(m, "Relu", "c", "r");
    onnx_qdq(m, "r", ONNX_UINT8, 0.008f, 0);
    onnx_node(m, "Flatten", "r_r", "f");
    onnx_random(m, "v", D(80, 3), 0.3f);
    onnx_qdq(m, "v", ONNX_INT8, 0.0025f, 0);
    onnx_node(m, "MatMul", "f v_r", "y");
    onnx_qdq(m, "y", ONNX_INT8, 0.02f, 1);
    onnx_output(m, "y_r");
    return m;
}

/* float32 numbers, weights of 8 bits. */
static inline onnx_model *sample_weights_only(mdg_arena *arena) {
    onnx_model *m = onnx_new(arena, 13);
    onnx_input(m, "x", ONNX_FLOAT, D(1, 2, 6, 6));
    onnx_weights(m, "w", D(4, 2, 3, 3), 0, 0.01f);
    onnx_node(m, "Conv", "x w", "c");
    onnx_node(m, "Flatten", "c", "f");
    onnx_weights(m, "v", D(5, 64), 0, 0.01f);
    onnx_ints(onnx_node(m, "Transpose", "v", "t"), "perm", D(1, 0));
    onnx_node(m, "MatMul", "f t", "y");
    onnx_output(m, "y");
    return m;
}

typedef struct onnx_sample {
    const char *name;
    onnx_model *(*make)(mdg_arena *arena);
    bool input_is_map; /* NHWC in midge */
    unsigned maps;     /* bit i: output i is NHWC */
    int transposes;    /* that the graph has left */
    float step[6];     /* of quantised outputs; 0 for float32 */
} onnx_sample;

static const onnx_sample onnx_samples[] = {
    {"cnn", sample_cnn, true, 0, 0, {0}},
    {"residual", sample_residual, true, 2, 0, {0}},
    {"mobile", sample_mobile, true, 0, 0, {0}},
    {"dense", sample_dense, false, 0, 0, {0}},
    {"conv1d", sample_conv1d, true, 0, 0, {0}},
    {"nhwc", sample_nhwc, false, 0, 0, {0}},
    {"shuffle", sample_shuffle, true, 1, 1, {0}},
    {"branches", sample_branches, true, 1, 0, {0}},
    {"elementwise", sample_elementwise, true, 0, 0, {0}},
    {"old", sample_old, true, 1, 0, {0}},
    {"attention", sample_attention, false, 0, 1, {0}},
    {"flat_norm", sample_flat_norm, true, 0, 0, {0}},
    {"paddings", sample_paddings, true, 0x1F, 0, {0}},
    {"weights_only", sample_weights_only, true, 0, 0, {0}},
    {"qdq_cnn", sample_qdq_cnn, true, 0, 0, {0.1f}},
    {"qdq_u8", sample_qdq_u8, true, 0, 0, {0.02f}},
    {"qdq_mobile", sample_qdq_mobile, true, 2, 0, {0.01f, 0.016f}},
    {"qdq_curves", sample_qdq_curves, false, 0, 0, {1 / 256.0f, 1 / 128.0f, 0.02f, 0.02f, 1 / 256.0f}},
    {"qdq_moves", sample_qdq_moves, true, 0x1F, 0, {0.0037f, 0.0107f, 0.0061f, 0.0083f, 0.0053f}},
    {"qdq_trained", sample_qdq_trained, true, 0, 0, {0.02f}},
    {"qoperator_more", sample_qoperator_more, true, 0x0F, 1, {1, 1, 1, 1, 1, 1}},
    {"qoperator", sample_qoperator, true, 0, 0, {1}},
};

enum { ONNX_SAMPLE_COUNT = sizeof onnx_samples / sizeof *onnx_samples };

#endif
