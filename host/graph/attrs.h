/* SPDX-License-Identifier: MIT
 *
 * attrs.h: the attributes of operators, each listed once; the reader, the writer and the printer of .tflite
 * all walk these lists. A(slot, kind, name, default): slot is the field's number in TFLite's schema
 * (schema.fbs), kind one of
 *   I8    a byte              BOOL  a byte, 0 or 1      I32  int      F32  float      I64  long
 *   PADDING, ACT, TYPE        a byte that is an MDG_PADDING_, an MDG_ACT_ or an mdg_type
 *   IVEC  a vector of int     STR   text, NULL where the file has none
 * MDG_ATTRS_LIST names each list with the number of its table in TFLite's BuiltinOptions union. List `pool2d`
 * becomes struct mdg_pool2d_attrs.
 */
#ifndef MDG_ATTRS_H
#define MDG_ATTRS_H

#include <stdint.h>

typedef struct mdg_ivec {
    int count;
    const int32_t *values;
} mdg_ivec;

enum { MDG_PADDING_SAME = 0, MDG_PADDING_VALID = 1 };
enum {
    MDG_ACT_NONE = 0,
    MDG_ACT_RELU = 1,
    MDG_ACT_RELU_N1_TO_1 = 2,
    MDG_ACT_RELU6 = 3,
    MDG_ACT_TANH = 4,
    MDG_ACT_SIGN_BIT = 5
};
enum { MDG_MIRROR_REFLECT = 0, MDG_MIRROR_SYMMETRIC = 1 };
enum { MDG_WEIGHTS_DEFAULT = 0, MDG_WEIGHTS_SHUFFLED4X16 = 1 };

/* clang-format off */
#define MDG_ATTRS_conv2d(A)                                                                                  \
    A(0, PADDING, padding, 0)                                                                                \
    A(1, I32, stride_w, 0)                                                                                   \
    A(2, I32, stride_h, 0)                                                                                   \
    A(3, ACT, activation, 0)                                                                                 \
    A(4, I32, dilation_w, 1)                                                                                 \
    A(5, I32, dilation_h, 1)                                                                                 \
    A(6, TYPE, quantized_bias_type, 0)

#define MDG_ATTRS_depthwise_conv2d(A)                                                                        \
    A(0, PADDING, padding, 0)                                                                                \
    A(1, I32, stride_w, 0)                                                                                   \
    A(2, I32, stride_h, 0)                                                                                   \
    A(3, I32, depth_multiplier, 0)                                                                           \
    A(4, ACT, activation, 0)                                                                                 \
    A(5, I32, dilation_w, 1)                                                                                 \
    A(6, I32, dilation_h, 1)

#define MDG_ATTRS_pool2d(A)                                                                                  \
    A(0, PADDING, padding, 0)                                                                                \
    A(1, I32, stride_w, 0)                                                                                   \
    A(2, I32, stride_h, 0)                                                                                   \
    A(3, I32, filter_w, 0)                                                                                   \
    A(4, I32, filter_h, 0)                                                                                   \
    A(5, ACT, activation, 0)

#define MDG_ATTRS_svdf(A)                                                                                    \
    A(0, I32, rank, 0)                                                                                       \
    A(1, ACT, activation, 0)                                                                                 \
    A(2, BOOL, asymmetric_quantize_inputs, 0)

#define MDG_ATTRS_fully_connected(A)                                                                         \
    A(0, ACT, activation, 0)                                                                                 \
    A(1, I8, weights_format, 0)                                                                              \
    A(2, BOOL, keep_num_dims, 0)                                                                             \
    A(3, BOOL, asymmetric_quantize_inputs, 0)                                                                \
    A(4, TYPE, quantized_bias_type, 0)

#define MDG_ATTRS_sequence_lstm(A)                                                                           \
    A(0, ACT, activation, 0)                                                                                 \
    A(1, F32, cell_clip, 0)                                                                                  \
    A(2, F32, proj_clip, 0)                                                                                  \
    A(3, BOOL, time_major, 0)                                                                                \
    A(4, BOOL, asymmetric_quantize_inputs, 0)                                                                \
    A(5, BOOL, diagonal_recurrent_tensors, 0)

#define MDG_ATTRS_strided_slice(A)                                                                           \
    A(0, I32, begin_mask, 0)                                                                                 \
    A(1, I32, end_mask, 0)                                                                                   \
    A(2, I32, ellipsis_mask, 0)                                                                              \
    A(3, I32, new_axis_mask, 0)                                                                              \
    A(4, I32, shrink_axis_mask, 0)                                                                           \
    A(5, BOOL, offset, 0)

#define MDG_ATTRS_transpose_conv(A)                                                                          \
    A(0, PADDING, padding, 0)                                                                                \
    A(1, I32, stride_w, 0)                                                                                   \
    A(2, I32, stride_h, 0)                                                                                   \
    A(3, ACT, activation, 0)                                                                                 \
    A(4, TYPE, quantized_bias_type, 0)

#define MDG_ATTRS_softmax(A)         A(0, F32, beta, 0)
#define MDG_ATTRS_concatenation(A)   A(0, I32, axis, 0) A(1, ACT, activation, 0)
#define MDG_ATTRS_add(A)             A(0, ACT, activation, 0) A(1, BOOL, pot_scale_int16, 1)
#define MDG_ATTRS_sub(A)             MDG_ATTRS_add(A)
#define MDG_ATTRS_mul(A)             A(0, ACT, activation, 0)
#define MDG_ATTRS_div(A)             MDG_ATTRS_mul(A)
#define MDG_ATTRS_l2_norm(A)         MDG_ATTRS_mul(A)
#define MDG_ATTRS_resize_bilinear(A) A(2, BOOL, align_corners, 0) A(3, BOOL, half_pixel_centers, 0)
#define MDG_ATTRS_resize_nearest(A)  A(0, BOOL, align_corners, 0) A(1, BOOL, half_pixel_centers, 0)
#define MDG_ATTRS_reshape(A)         A(0, IVEC, new_shape, 0)
#define MDG_ATTRS_squeeze(A)         A(0, IVEC, squeeze_dims, 0)
#define MDG_ATTRS_space_to_depth(A)  A(0, I32, block_size, 0)
#define MDG_ATTRS_depth_to_space(A)  MDG_ATTRS_space_to_depth(A)
#define MDG_ATTRS_gather(A)          A(0, I32, axis, 0) A(1, I32, batch_dims, 0)
#define MDG_ATTRS_reducer(A)         A(0, BOOL, keep_dims, 0)
#define MDG_ATTRS_split(A)           A(0, I32, num_splits, 0)
#define MDG_ATTRS_split_v(A)         MDG_ATTRS_split(A)
#define MDG_ATTRS_cast(A)            A(0, TYPE, in_data_type, 0) A(1, TYPE, out_data_type, 0)
#define MDG_ATTRS_arg_max(A)         A(0, TYPE, output_type, 0)
#define MDG_ATTRS_arg_min(A)         MDG_ATTRS_arg_max(A)
#define MDG_ATTRS_shape(A)           A(0, TYPE, out_type, 0)
#define MDG_ATTRS_pack(A)            A(0, I32, values_count, 0) A(1, I32, axis, 0)
#define MDG_ATTRS_unpack(A)          A(0, I32, num, 0) A(1, I32, axis, 0)
#define MDG_ATTRS_leaky_relu(A)      A(0, F32, alpha, 0)
#define MDG_ATTRS_mirror_pad(A)      A(0, I8, mode, 0)
#define MDG_ATTRS_if_else(A)         A(0, I32, then_subgraph, 0) A(1, I32, else_subgraph, 0)
#define MDG_ATTRS_while_loop(A)      A(0, I32, cond_subgraph, 0) A(1, I32, body_subgraph, 0)
#define MDG_ATTRS_call_once(A)       A(0, I32, init_subgraph, 0)
#define MDG_ATTRS_batch_matmul(A)    A(0, BOOL, adj_x, 0) A(1, BOOL, adj_y, 0) A(2, BOOL, asymmetric_quantize_inputs, 0)
#define MDG_ATTRS_cumsum(A)          A(0, BOOL, exclusive, 0) A(1, BOOL, reverse, 0)
#define MDG_ATTRS_var_handle(A)      A(0, STR, container, 0) A(1, STR, shared_name, 0)

#define MDG_ATTRS_LIST(X)                                                                                    \
    X(conv2d, 1) X(depthwise_conv2d, 2) X(pool2d, 5) X(svdf, 6) X(fully_connected, 8) X(softmax, 9)          \
    X(concatenation, 10) X(add, 11) X(l2_norm, 12) X(resize_bilinear, 15) X(reshape, 17)                     \
    X(space_to_depth, 19) X(mul, 21) X(gather, 23) X(reducer, 27) X(sub, 28) X(div, 29) X(squeeze, 30)       \
    X(strided_slice, 32) X(split, 35) X(cast, 37) X(arg_max, 40) X(transpose_conv, 49) X(shape, 55)          \
    X(arg_min, 57) X(pack, 59) X(unpack, 64) X(sequence_lstm, 71) X(resize_nearest, 74) X(leaky_relu, 75)    \
    X(mirror_pad, 77) X(split_v, 79) X(if_else, 92) X(while_loop, 93) X(depth_to_space, 94)                  \
    X(batch_matmul, 101) X(cumsum, 102) X(call_once, 103) X(var_handle, 111)

#define MDG_ATTR_TYPE_I8 int32_t
#define MDG_ATTR_TYPE_BOOL int32_t
#define MDG_ATTR_TYPE_PADDING int32_t
#define MDG_ATTR_TYPE_ACT int32_t
#define MDG_ATTR_TYPE_TYPE int32_t
#define MDG_ATTR_TYPE_I32 int32_t
#define MDG_ATTR_TYPE_I64 int64_t
#define MDG_ATTR_TYPE_F32 float
#define MDG_ATTR_TYPE_IVEC mdg_ivec
#define MDG_ATTR_TYPE_STR const char *
#define MDG_ATTR_FIELD(slot, kind, name, value) MDG_ATTR_TYPE_##kind name;
#define MDG_ATTRS_STRUCT(list, number) typedef struct mdg_##list##_attrs { MDG_ATTRS_##list(MDG_ATTR_FIELD) } mdg_##list##_attrs;
MDG_ATTRS_LIST(MDG_ATTRS_STRUCT)
/* clang-format on */

#endif
