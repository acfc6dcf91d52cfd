/* SPDX-License-Identifier: MIT
 *
 * Versions grew with the types and attributes that operators take. Most follow from the type of one input;
 * the others have a function. Source: the version notes at each option table of TFLite's schema, and TFLite's
 * op_version.cc.
 */
#include "tflite/version.h"

/* V(op, input whose type decides, version with int8, version with int16); version 1 with any other type */
#define VERSIONS_BY_TYPE(V)                                                                                  \
    V(ABS, 0, 2, 3)                                                                                          \
    V(ARG_MAX, 0, 2, 1)                                                                                      \
    V(ARG_MIN, 0, 2, 1)                                                                                      \
    V(AVERAGE_POOL_2D, 0, 2, 3)                                                                              \
    V(BATCH_MATMUL, 0, 2, 3)                                                                                 \
    V(BATCH_TO_SPACE_ND, 0, 2, 4)                                                                            \
    V(CONCATENATION, 0, 2, 3)                                                                                \
    V(DEPTH_TO_SPACE, 0, 2, 1)                                                                               \
    V(EQUAL, 0, 2, 5)                                                                                        \
    V(EXP, 0, 2, 2)                                                                                          \
    V(FILL, 1, 3, 3)                                                                                         \
    V(GATHER, 0, 2, 4)                                                                                       \
    V(GATHER_ND, 0, 1, 3)                                                                                    \
    V(GREATER, 0, 2, 1)                                                                                      \
    V(GREATER_EQUAL, 0, 2, 3)                                                                                \
    V(L2_NORMALIZATION, 0, 2, 1)                                                                             \
    V(LEAKY_RELU, 0, 1, 2)                                                                                   \
    V(LESS, 0, 2, 3)                                                                                         \
    V(LESS_EQUAL, 0, 2, 1)                                                                                   \
    V(LOG, 0, 2, 2)                                                                                          \
    V(LOGISTIC, 0, 2, 3)                                                                                     \
    V(LOG_SOFTMAX, 0, 2, 1)                                                                                  \
    V(MAXIMUM, 0, 2, 4)                                                                                      \
    V(MAX_POOL_2D, 0, 2, 3)                                                                                  \
    V(MEAN, 0, 2, 3)                                                                                         \
    V(MINIMUM, 0, 2, 4)                                                                                      \
    V(MIRROR_PAD, 0, 2, 3)                                                                                   \
    V(MUL, 0, 2, 4)                                                                                          \
    V(NOT_EQUAL, 0, 2, 4)                                                                                    \
    V(PACK, 0, 2, 3)                                                                                         \
    V(PAD, 0, 2, 3)                                                                                          \
    V(PADV2, 0, 2, 3)                                                                                        \
    V(REDUCE_MAX, 0, 2, 3)                                                                                   \
    V(REDUCE_MIN, 0, 2, 3)                                                                                   \
    V(RELU, 0, 2, 3)                                                                                         \
    V(RELU6, 0, 2, 3)                                                                                        \
    V(REVERSE_V2, 0, 3, 1)                                                                                   \
    V(RSQRT, 0, 2, 3)                                                                                        \
    V(SLICE, 0, 2, 4)                                                                                        \
    V(SOFTMAX, 0, 2, 3)                                                                                      \
    V(SPACE_TO_BATCH_ND, 0, 2, 4)                                                                            \
    V(SPACE_TO_DEPTH, 0, 2, 1)                                                                               \
    V(SPLIT, 1, 2, 4)                                                                                        \
    V(SPLIT_V, 0, 2, 1)                                                                                      \
    V(SQRT, 0, 2, 2)                                                                                         \
    V(SQUARED_DIFFERENCE, 0, 2, 1)                                                                           \
    V(SUM, 0, 2, 1)                                                                                          \
    V(SVDF, 0, 3, 1)                                                                                         \
    V(TANH, 0, 2, 3)                                                                                         \
    V(TRANSPOSE, 0, 2, 5)                                                                                    \
    V(UNPACK, 0, 2, 4)

/* The type of input k; MDG_TYPE_COUNT where it is absent. */
static mdg_type input_type(const mdg_subgraph *s, const mdg_op *op, int k) {
    const mdg_tensor *t = mdg_op_input(s, op, k);
    return t ? t->type : MDG_TYPE_COUNT;
}

static int by_type(const mdg_subgraph *s, const mdg_op *op, int input, int with_int8, int with_int16) {
    const mdg_type type = input_type(s, op, input);
    return type == MDG_INT8 ? with_int8 : type == MDG_INT16 ? with_int16 : 1;
}

static bool has_channel_scales(const mdg_subgraph *s, const mdg_op *op, int k) {
    const mdg_tensor *t = mdg_op_input(s, op, k);
    return t && t->quant.count > 1;
}

static int conv2d_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_conv2d_attrs *a = op->attrs;
    const mdg_tensor *x = mdg_op_input(s, op, 0), *w = mdg_op_input(s, op, 1);
    if (!x || !w) return 1;
    if (x->type == MDG_INT16 && a->quantized_bias_type != MDG_FLOAT32) return 8;
    if (x->shape.rank == 4 && w->shape.rank == 4 && x->shape.dim[3] != w->shape.dim[3]) return 6;
    if (x->type == MDG_INT16) return 4;
    if (w->type == MDG_INT4) return 7;
    if (x->type == MDG_INT8) return 3;
    if (x->type == MDG_FLOAT32 && w->type == MDG_INT8) return has_channel_scales(s, op, 1) ? 5 : 2;
    return 1;
}

static int depthwise_conv2d_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_depthwise_conv2d_attrs *a = op->attrs;
    const mdg_type x = input_type(s, op, 0), w = input_type(s, op, 1);
    if (x == MDG_INT16) return 5;
    if (x == MDG_FLOAT32 && w == MDG_INT8) return has_channel_scales(s, op, 1) ? 6 : 4;
    if (w == MDG_INT4) return 7;
    if (x == MDG_INT8) return 3;
    return a->dilation_w != 1 || a->dilation_h != 1 ? 2 : 1;
}

static int fully_connected_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_fully_connected_attrs *a = op->attrs;
    const mdg_type x = input_type(s, op, 0), w = input_type(s, op, 1);
    if (x == MDG_INT16 && w == MDG_INT4) return 13;
    if (x == MDG_FLOAT32 && w == MDG_INT8 && has_channel_scales(s, op, 1)) return 12;
    if (x == MDG_INT16) return a->quantized_bias_type != MDG_FLOAT32 ? 11 : 7;
    if (w == MDG_INT4) return 10;
    if (op->n_inputs == 2) return 6;
    if (a->keep_num_dims) return 5;
    if (x == MDG_INT8) return 4;
    if (w == MDG_INT8) return a->asymmetric_quantize_inputs ? 9 : 3;
    return a->weights_format == MDG_WEIGHTS_SHUFFLED4X16 ? 2 : 1;
}

static int transpose_conv_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_transpose_conv_attrs *a = op->attrs;
    if (input_type(s, op, 2) == MDG_INT16 && a->quantized_bias_type != MDG_FLOAT32) return 5;
    if (a->activation != MDG_ACT_NONE) return 4;
    if (mdg_op_input(s, op, 3)) return 3;
    return input_type(s, op, 1) == MDG_INT8 ? 2 : 1;
}

static int add_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_add_attrs *a = op->attrs;
    if (input_type(s, op, 0) == MDG_INT64) return 4;
    return by_type(s, op, 0, 2, a->pot_scale_int16 ? 1 : 3);
}

static int sub_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_sub_attrs *a = op->attrs;
    if (input_type(s, op, 0) == MDG_INT64) return 4;
    return by_type(s, op, 0, 2, a->pot_scale_int16 ? 1 : 5);
}

static int quantize_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *y = mdg_op_output(s, op, 0);
    if (y->type == MDG_INT4 || input_type(s, op, 0) == MDG_INT4) return 4;
    if (y->quant.count > 1) return 3;
    return y->type == MDG_INT16 ? 2 : 1;
}

static int dequantize_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_type x = input_type(s, op, 0);
    if (x == MDG_INT4) return 6;
    if (x == MDG_FLOAT16) return 3;
    return by_type(s, op, 0, has_channel_scales(s, op, 0) ? 5 : 2, 3);
}

static int resize_version(const mdg_subgraph *s, const mdg_op *op, bool has_new_centers) {
    if (input_type(s, op, 0) == MDG_INT16) return 4;
    return has_new_centers ? 3 : by_type(s, op, 0, 2, 4);
}

static int strided_slice_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_strided_slice_attrs *a = op->attrs;
    const mdg_tensor *x = mdg_op_input(s, op, 0);
    if (a->offset) return 8;
    if (a->ellipsis_mask || a->new_axis_mask) return 6;
    return x && x->shape.rank > 4 ? 4 : by_type(s, op, 0, 2, 1);
}

static int lstm_version(const mdg_subgraph *s, const mdg_op *op) {
    const mdg_sequence_lstm_attrs *a = op->attrs;
    const mdg_type x = input_type(s, op, 0);
    if (x == MDG_INT16) return 5;
    if (a->diagonal_recurrent_tensors) return 4;
    return x == MDG_FLOAT32 && input_type(s, op, 2) == MDG_INT8 ? (a->asymmetric_quantize_inputs ? 3 : 2) : 1;
}

int mdg_tflite_op_version(const mdg_subgraph *s, const mdg_op *op) {
    switch (op->code) {
#define V(name, input, with_int8, with_int16)                                                                \
    case MDG_OP_##name: return by_type(s, op, input, with_int8, with_int16);
        VERSIONS_BY_TYPE(V)
#undef V
    case MDG_OP_CONV_2D: return conv2d_version(s, op);
    case MDG_OP_DEPTHWISE_CONV_2D: return depthwise_conv2d_version(s, op);
    case MDG_OP_FULLY_CONNECTED: return fully_connected_version(s, op);
    case MDG_OP_TRANSPOSE_CONV: return transpose_conv_version(s, op);
    case MDG_OP_ADD: return add_version(s, op);
    case MDG_OP_SUB: return sub_version(s, op);
    case MDG_OP_QUANTIZE: return quantize_version(s, op);
    case MDG_OP_DEQUANTIZE: return dequantize_version(s, op);
    case MDG_OP_STRIDED_SLICE: return strided_slice_version(s, op);
    case MDG_OP_UNIDIRECTIONAL_SEQUENCE_LSTM: return lstm_version(s, op);
    case MDG_OP_BROADCAST_TO: return by_type(s, op, 0, 3, 3) == 3 ? 3 : 2;
    case MDG_OP_CAST:
        return input_type(s, op, 0) == MDG_INT8 || mdg_op_output(s, op, 0)->type == MDG_INT8 ? 3 : 1;
    case MDG_OP_RESIZE_BILINEAR:
        return resize_version(s, op, ((const mdg_resize_bilinear_attrs *)op->attrs)->half_pixel_centers);
    case MDG_OP_RESIZE_NEAREST_NEIGHBOR: {
        const mdg_resize_nearest_attrs *a = op->attrs;
        return resize_version(s, op, a->half_pixel_centers || a->align_corners);
    }
    default: return 1;
    }
}
