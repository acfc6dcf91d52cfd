/* SPDX-License-Identifier: MIT
 *
 * params.h: the constant parameters of every kernel, each listed once.
 *
 * A list names its fields: F(type, name) is a scalar, A(type, name, count) an array. All fields are int32_t
 * or float, so a struct is a run of 32-bit words without padding, the same on every machine. From each list
 * come the struct (here), the field table that prints it (host/lower) and its text in generated C. Field
 * order is part of the model image's format; the order of lists is not.
 *
 * Zero points are those of the quantisation: real = scale * (q - zero_point). mult and shift are a real
 * factor as mdg_requantize (core/fixed.h) takes it. act_min, act_max: the fused activation in the output's
 * range.
 */
#ifndef MIDGE_PARAMS_H
#define MIDGE_PARAMS_H

#include <stdint.h>

#define MDG_MAX_RANK 8

/* clang-format off */

/* Lists that other lists begin with */

/* Convolution; sizes in elements. in_c / filter_c is the number of groups; depth_multiplier is used by
 * depthwise alone (out_c = in_c * depth_multiplier). */
#define MDG_PARAMS_conv2d_shape(F, A)                                                                        \
    F(int32_t, batches)                                                                                      \
    F(int32_t, in_h) F(int32_t, in_w) F(int32_t, in_c)                                                       \
    F(int32_t, out_h) F(int32_t, out_w) F(int32_t, out_c)                                                    \
    F(int32_t, kernel_h) F(int32_t, kernel_w) F(int32_t, filter_c)                                           \
    F(int32_t, stride_h) F(int32_t, stride_w)                                                                \
    F(int32_t, dilation_h) F(int32_t, dilation_w)                                                            \
    F(int32_t, pad_h) F(int32_t, pad_w)                                                                      \
    F(int32_t, depth_multiplier)

#define MDG_PARAMS_pool2d_shape(F, A)                                                                        \
    F(int32_t, batches)                                                                                      \
    F(int32_t, in_h) F(int32_t, in_w) F(int32_t, channels)                                                   \
    F(int32_t, out_h) F(int32_t, out_w)                                                                      \
    F(int32_t, kernel_h) F(int32_t, kernel_w)                                                                \
    F(int32_t, stride_h) F(int32_t, stride_w)                                                                \
    F(int32_t, pad_h) F(int32_t, pad_w)

/* y[i] = f(a[i], b[i]) with broadcasting: the last dimension is the inner loop, a stride of 0 repeats an operand.
 * Dimensions that both operands walk alike are merged, so that equal shapes have rank 1. */
#define MDG_PARAMS_broadcast(F, A)                                                                           \
    F(int32_t, rank)                                                                                         \
    A(int32_t, dim, MDG_MAX_RANK)                                                                            \
    A(int32_t, a_stride, MDG_MAX_RANK)                                                                       \
    A(int32_t, b_stride, MDG_MAX_RANK)

/* y[kept index] = f(all x over the reduced index). Neighbouring dimensions of one kind are merged; unused entries
 * have size 1. Strides are those of x. outputs, inputs: products of the sizes. */
#define MDG_PARAMS_reduce_shape(F, A)                                                                        \
    F(int32_t, outputs) F(int32_t, inputs)                                                                   \
    A(int32_t, kept, 4) A(int32_t, kept_stride, 4)                                                           \
    A(int32_t, reduced, 4) A(int32_t, reduced_stride, 4)

/* The lists */

#define MDG_PARAMS_conv2d(F, A)                                                                              \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, act_min) F(int32_t, act_max)

#define MDG_PARAMS_conv2d_f32(F, A)                                                                          \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(float, act_min) F(float, act_max)

#define MDG_PARAMS_pool2d(F, A)                                                                              \
    MDG_PARAMS_pool2d_shape(F, A)                                                                            \
    F(int32_t, act_min) F(int32_t, act_max)

#define MDG_PARAMS_pool2d_f32(F, A)                                                                          \
    MDG_PARAMS_pool2d_shape(F, A)                                                                            \
    F(float, act_min) F(float, act_max)

/* mult, shift: of the per-tensor kernel; the per-channel one has arrays */
#define MDG_PARAMS_fully_connected(F, A)                                                                     \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, out_c)                                                   \
    F(int32_t, in_zero) F(int32_t, filter_zero) F(int32_t, out_zero)                                         \
    F(int32_t, mult) F(int32_t, shift)                                                                       \
    F(int32_t, act_min) F(int32_t, act_max)

#define MDG_PARAMS_fully_connected_f32(F, A)                                                                 \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, out_c)                                                   \
    F(float, act_min) F(float, act_max)

/* mult, shift: input difference to Q5.26; below diff_min the exponential counts as 0 */
#define MDG_PARAMS_softmax(F, A)                                                                             \
    F(int32_t, rows) F(int32_t, depth)                                                                       \
    F(int32_t, mult) F(int32_t, shift) F(int32_t, diff_min)

#define MDG_PARAMS_softmax_f32(F, A)                                                                         \
    F(int32_t, rows) F(int32_t, depth)                                                                       \
    F(float, beta)

/* Both operands are scaled by 2^left_shift and brought to one scale before they meet. */
#define MDG_PARAMS_add(F, A)                                                                                 \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero) F(int32_t, out_zero)                                               \
    F(int32_t, left_shift)                                                                                   \
    F(int32_t, a_mult) F(int32_t, a_shift)                                                                   \
    F(int32_t, b_mult) F(int32_t, b_shift)                                                                   \
    F(int32_t, out_mult) F(int32_t, out_shift)                                                               \
    F(int32_t, act_min) F(int32_t, act_max)

#define MDG_PARAMS_mul(F, A)                                                                                 \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero) F(int32_t, out_zero)                                               \
    F(int32_t, mult) F(int32_t, shift)                                                                       \
    F(int32_t, act_min) F(int32_t, act_max)

/* Binary operators without quantisation */
#define MDG_PARAMS_binary_i32(F, A)                                                                          \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, act_min) F(int32_t, act_max)

#define MDG_PARAMS_binary_f32(F, A)                                                                          \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(float, act_min) F(float, act_max)

/* Quantised operands are compared as real numbers in fixed point: (q - zero) * 2^8 * scale. */
#define MDG_PARAMS_compare(F, A)                                                                             \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero)                                                                    \
    F(int32_t, a_mult) F(int32_t, a_shift)                                                                   \
    F(int32_t, b_mult) F(int32_t, b_shift)

/* mult, shift bring (sum - inputs * in_zero) to the output's scale; a mean has 1 / inputs in them */
#define MDG_PARAMS_reduce(F, A)                                                                              \
    MDG_PARAMS_reduce_shape(F, A)                                                                            \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)

/* Unary operators over `count` elements */
#define MDG_PARAMS_unary(F, A)                                                                               \
    F(int32_t, count)

#define MDG_PARAMS_requantize(F, A)                                                                          \
    F(int32_t, count)                                                                                        \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)                                                                       \
    F(int32_t, act_min) F(int32_t, act_max)

/* real = scale * (q - zero) */
#define MDG_PARAMS_affine(F, A)                                                                              \
    F(int32_t, count)                                                                                        \
    F(float, scale) F(int32_t, zero)

#define MDG_PARAMS_clamp(F, A)                                                                               \
    F(int32_t, count)                                                                                        \
    F(int32_t, min) F(int32_t, max)

#define MDG_PARAMS_clamp_f32(F, A)                                                                           \
    F(int32_t, count)                                                                                        \
    F(float, min) F(float, max)

/* Dimensions from the outermost; before: how many elements stand in front */
#define MDG_PARAMS_pad(F, A)                                                                                 \
    F(int32_t, rank)                                                                                         \
    A(int32_t, in_dim, MDG_MAX_RANK)                                                                         \
    A(int32_t, out_dim, MDG_MAX_RANK)                                                                        \
    A(int32_t, before, MDG_MAX_RANK)

/* `blocks` pieces of block_bytes; all figures in bytes */
#define MDG_PARAMS_copy(F, A)                                                                                \
    F(int32_t, blocks) F(int32_t, block_bytes)                                                               \
    F(int32_t, in_offset) F(int32_t, in_step)                                                                \
    F(int32_t, out_offset) F(int32_t, out_step)

/* The kernels of core/kernels/armv7em; two_sided: see mac.h */
#define MDG_PARAMS_pointwise_smlad(F, A)                                                                     \
    F(int32_t, pixels) F(int32_t, in_c) F(int32_t, out_c)                                                    \
    F(int32_t, two_sided)

/* depth: taps of an output, rounded up to a multiple of 4 */
#define MDG_PARAMS_conv2d_smlad(F, A)                                                                        \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(int32_t, in_zero) F(int32_t, depth) F(int32_t, two_sided)

/* Clustered weights: as the above; block: pairs of channels that are decoded at a time (mac_lut.h) */
#define MDG_PARAMS_pointwise_lut(F, A)                                                                       \
    MDG_PARAMS_pointwise_smlad(F, A)                                                                         \
    F(int32_t, block)
#define MDG_PARAMS_conv2d_lut(F, A)                                                                          \
    MDG_PARAMS_conv2d_smlad(F, A)                                                                            \
    F(int32_t, block)

/* As svdf; chunk: as fully_connected_smlad */
#define MDG_PARAMS_svdf_smlad(F, A)                                                                          \
    MDG_PARAMS_svdf(F, A)                                                                                    \
    F(int32_t, chunk)

/* As lstm; chunks: as fully_connected_smlad */
#define MDG_PARAMS_lstm_smlad(F, A)                                                                          \
    MDG_PARAMS_lstm(F, A)                                                                                    \
    F(int32_t, in_chunk) F(int32_t, hidden_chunk)

/* roundings: of a result, 1 or 2 */
#define MDG_PARAMS_conv2d_wide(F, A)                                                                         \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(int32_t, depth) F(int32_t, roundings)

/* Names as in add_smlad_s8.c; right shifts are at least 1. */
#define MDG_PARAMS_add_smlad(F, A)                                                                           \
    F(int32_t, count)                                                                                        \
    F(int32_t, a_start) F(int32_t, b_start) F(int32_t, b_scale)                                              \
    F(int32_t, b_mult) F(int32_t, b_offset) F(int32_t, b_right)                                              \
    F(int32_t, mult) F(int32_t, offset) F(int32_t, right)

/* Axis n is the one that rows of planes run along, m the other; steps are bytes from one index to the next, row_words
 * those of two neighbours of a row, band output rows at a time. */
#define MDG_PARAMS_depthwise_planes(F, A)                                                                    \
    F(int32_t, batches) F(int32_t, channels)                                                                 \
    F(int32_t, in_n) F(int32_t, in_m) F(int32_t, out_n) F(int32_t, out_m)                                    \
    F(int32_t, stride_n) F(int32_t, stride_m) F(int32_t, pad_n) F(int32_t, pad_m)                            \
    F(int32_t, in_step_n) F(int32_t, in_step_m)                                                              \
    F(int32_t, out_step_n) F(int32_t, out_step_m)                                                            \
    F(int32_t, in_zero) F(int32_t, row_words) F(int32_t, band)

/* kernel_n: with the zeros that a dilation along n puts between taps */
#define MDG_PARAMS_depthwise_taps(F, A)                                                                      \
    MDG_PARAMS_depthwise_planes(F, A)                                                                        \
    F(int32_t, kernel_n) F(int32_t, kernel_m) F(int32_t, dilation_m)                                         \
    F(int32_t, multiplier) F(int32_t, out_zero)

/* Steps in bytes of the input: from tap to tap, from output to output */
#define MDG_PARAMS_depthwise_line_smlad(F, A)                                                                \
    F(int32_t, channels) F(int32_t, taps) F(int32_t, outputs)                                                \
    F(int32_t, tap_step) F(int32_t, out_step)

/* chunk: inputs that a sum of b holds (mac.h), a multiple of 4; requant_step: words from one output's requantisation to
 * the next, 0 = one for all */
#define MDG_PARAMS_fully_connected_smlad(F, A)                                                               \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, out_c)                                                   \
    F(int32_t, chunk) F(int32_t, requant_step)

/* x is [outer][inputs][inner], inner 1 or at least 4; the rest as reduce */
#define MDG_PARAMS_mean_lanes(F, A)                                                                          \
    F(int32_t, outer) F(int32_t, inputs) F(int32_t, inner)                                                   \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)

/* The kernels of core/kernels/scalar; general: see requantize.h */
#define MDG_PARAMS_pointwise_scalar(F, A)                                                                    \
    F(int32_t, pixels) F(int32_t, in_c) F(int32_t, out_c)                                                    \
    F(int32_t, general)

#define MDG_PARAMS_conv2d_scalar(F, A)                                                                       \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(int32_t, in_zero) F(int32_t, general)

/* Axis n is the one that rows of planes run along, m the other; steps are bytes from one index to the next, phase the words
 * of a row that a step of stride_n takes, band output rows at a time. */
#define MDG_PARAMS_depthwise_scalar(F, A)                                                                    \
    F(int32_t, batches) F(int32_t, channels) F(int32_t, multiplier)                                          \
    F(int32_t, in_n) F(int32_t, in_m) F(int32_t, out_n) F(int32_t, out_m)                                    \
    F(int32_t, kernel_n) F(int32_t, kernel_m)                                                                \
    F(int32_t, stride_n) F(int32_t, stride_m)                                                                \
    F(int32_t, dilation_n) F(int32_t, dilation_m)                                                            \
    F(int32_t, pad_n) F(int32_t, pad_m)                                                                      \
    F(int32_t, in_step_n) F(int32_t, in_step_m)                                                              \
    F(int32_t, out_step_n) F(int32_t, out_step_m)                                                            \
    F(int32_t, in_zero) F(int32_t, general)                                                                \
    F(int32_t, phase) F(int32_t, band)

/* Steps in bytes of the input: from tap to tap, from output to output */
#define MDG_PARAMS_depthwise_line_scalar(F, A)                                                               \
    F(int32_t, channels) F(int32_t, taps) F(int32_t, outputs)                                                \
    F(int32_t, tap_step) F(int32_t, out_step) F(int32_t, general)

/* factor_step: words from one output's factors to the next, 0 = one for all */
#define MDG_PARAMS_fully_connected_scalar(F, A)                                                              \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, out_c)                                                   \
    F(int32_t, factor_step)

#define MDG_PARAMS_add_linear(F, A)                                                                          \
    F(int32_t, count)                                                                                        \
    F(int32_t, a_scale) F(int32_t, b_scale) F(int32_t, offset) F(int32_t, shift)                             \
    F(int32_t, act_min) F(int32_t, act_max)

/* As mul; offset: the output's zero point and half of 2^right, right at least 1 */
#define MDG_PARAMS_mul_smlad(F, A)                                                                           \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero)                                                                    \
    F(int32_t, mult) F(int32_t, offset) F(int32_t, right)

/* As mul; the rest: see core/kernels/scalar/requantize.h */
#define MDG_PARAMS_mul_scalar(F, A)                                                                          \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero)                                                                    \
    F(int32_t, lower) F(int32_t, offset) F(int32_t, shift) F(int32_t, upper)

/* entries: of the table of exponentials */
#define MDG_PARAMS_softmax_table(F, A)                                                                       \
    F(int32_t, rows) F(int32_t, depth) F(int32_t, entries)

/* The list of parameter lists: P(name) */
#define MDG_PARAMS_LIST_BASIC(P)                                                                             \
    P(conv2d_shape) P(conv2d) P(conv2d_f32)                                                                  \
    P(pool2d_shape) P(pool2d) P(pool2d_f32)                                                                  \
    P(fully_connected) P(fully_connected_f32)                                                                \
    P(softmax) P(softmax_f32)                                                                                \
    P(broadcast) P(add) P(mul) P(binary_i32) P(binary_f32) P(compare)                                        \
    P(reduce_shape) P(reduce)                                                                                \
    P(unary) P(requantize) P(affine) P(clamp) P(clamp_f32)                                                   \
    P(pad) P(copy)

/* -- Lists: elementwise -- */

/* As broadcast, with three operands */
#define MDG_PARAMS_select(F, A)                                                                              \
    F(int32_t, rank)                                                                                         \
    A(int32_t, dim, MDG_MAX_RANK)                                                                            \
    A(int32_t, condition_stride, MDG_MAX_RANK)                                                               \
    A(int32_t, a_stride, MDG_MAX_RANK)                                                                       \
    A(int32_t, b_stride, MDG_MAX_RANK)

/* `inputs` pointers of `count` elements */
#define MDG_PARAMS_add_n(F, A)                                                                               \
    F(int32_t, count) F(int32_t, inputs)                                                                     \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)

#define MDG_PARAMS_add_n_f32(F, A)                                                                           \
    F(int32_t, count) F(int32_t, inputs)

/* slope_mult, slope_shift: below zero */
#define MDG_PARAMS_leaky_relu(F, A)                                                                          \
    F(int32_t, count)                                                                                        \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)                                                                       \
    F(int32_t, slope_mult) F(int32_t, slope_shift)

#define MDG_PARAMS_leaky_relu_f32(F, A)                                                                      \
    F(int32_t, count)                                                                                        \
    F(float, alpha)

#define MDG_PARAMS_prelu(F, A)                                                                               \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero) F(int32_t, out_zero)                                               \
    F(int32_t, mult) F(int32_t, shift)                                                                       \
    F(int32_t, slope_mult) F(int32_t, slope_shift)

/* x * mult / 2^shift is the argument in steps of the table (core/fixed_sigmoid.h) */
#define MDG_PARAMS_sigmoid(F, A)                                                                             \
    F(int32_t, count)                                                                                        \
    F(int32_t, mult) F(int32_t, shift)

#define MDG_PARAMS_LIST_ELEMENTWISE(P)                                                                       \
    P(select) P(add_n) P(add_n_f32) P(leaky_relu) P(leaky_relu_f32) P(prelu) P(sigmoid)

/* -- Lists: movement -- */

/* y[i0, i1, ...] = x[offset + i0 * stride[0] + i1 * stride[1] + ...]; the last dimension is the inner loop */
#define MDG_PARAMS_move(F, A)                                                                                \
    F(int32_t, rank) F(int32_t, offset)                                                                      \
    A(int32_t, dim, MDG_MAX_RANK)                                                                            \
    A(int32_t, stride, MDG_MAX_RANK)

/* `bytes` bytes from byte `from` on */
#define MDG_PARAMS_carry(F, A)                                                                               \
    F(int32_t, from) F(int32_t, bytes)

/* skip_edge: 1 = the edge element itself is not repeated */
#define MDG_PARAMS_mirror_pad(F, A)                                                                          \
    MDG_PARAMS_pad(F, A)                                                                                     \
    F(int32_t, skip_edge)

/* bytes: of what one index selects */
#define MDG_PARAMS_gather(F, A)                                                                              \
    F(int32_t, batches) F(int32_t, outer) F(int32_t, axis) F(int32_t, indices) F(int32_t, bytes)

/* count index tuples of `depth` numbers */
#define MDG_PARAMS_gather_nd(F, A)                                                                           \
    F(int32_t, count) F(int32_t, depth) F(int32_t, bytes)                                                    \
    A(int32_t, dim, MDG_MAX_RANK)                                                                            \
    A(int32_t, stride_bytes, MDG_MAX_RANK)

#define MDG_PARAMS_dynamic_update_slice(F, A)                                                                \
    F(int32_t, rank) F(int32_t, element_bytes)                                                               \
    A(int32_t, dim, MDG_MAX_RANK)                                                                            \
    A(int32_t, block_dim, MDG_MAX_RANK)

/* before: rows and columns of the border in front of space; bytes: of a pixel; fill: the byte of the border */
#define MDG_PARAMS_space_batch(F, A)                                                                         \
    F(int32_t, batches) F(int32_t, space_h) F(int32_t, space_w)                                              \
    F(int32_t, block_h) F(int32_t, block_w) F(int32_t, batch_h) F(int32_t, batch_w)                          \
    F(int32_t, before_h) F(int32_t, before_w)                                                                \
    F(int32_t, bytes) F(int32_t, fill)

/* pixel: its channels, or its bytes (nearest neighbour) */
#define MDG_PARAMS_resize(F, A)                                                                              \
    F(int32_t, batches) F(int32_t, in_h) F(int32_t, in_w) F(int32_t, out_h) F(int32_t, out_w)                \
    F(int32_t, pixel)

#define MDG_PARAMS_broadcast_args(F, A)                                                                      \
    F(int32_t, count) F(int32_t, a_count) F(int32_t, b_count)

/* background: 1 = class 0 of the scores is not counted; slots: of the outputs; classes_per_box, max_detections: of the
 * fast way; detections_per_class: of the regular way */
#define MDG_PARAMS_detection(F, A)                                                                           \
    F(int32_t, boxes) F(int32_t, encoding_length) F(int32_t, classes) F(int32_t, background)                 \
    F(int32_t, slots) F(int32_t, max_detections)                                                             \
    F(int32_t, classes_per_box) F(int32_t, detections_per_class)                                             \
    F(float, score_threshold) F(float, overlap_threshold)                                                    \
    F(float, y_scale) F(float, x_scale) F(float, h_scale) F(float, w_scale)

#define MDG_PARAMS_LIST_MOVEMENT(P)                                                                          \
    P(move) P(carry) P(mirror_pad) P(gather) P(gather_nd) P(dynamic_update_slice) P(space_batch) P(resize)            \
    P(broadcast_args) P(detection)

/* -- Lists: reduction -- */

/* x is [outer][axis][inner]; zero points, mult and shift: of int8 */
#define MDG_PARAMS_cumsum(F, A)                                                                              \
    F(int32_t, outer) F(int32_t, axis) F(int32_t, inner)                                                     \
    F(int32_t, exclusive) F(int32_t, reverse)                                                                \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, mult) F(int32_t, shift)

#define MDG_PARAMS_arg(F, A)                                                                                 \
    F(int32_t, outer) F(int32_t, axis) F(int32_t, inner)

#define MDG_PARAMS_LIST_REDUCTION(P) P(cumsum) P(arg)

/* -- Lists: network -- */

/* Rows of `depth` elements */
#define MDG_PARAMS_rows(F, A)                                                                                \
    F(int32_t, rows) F(int32_t, depth)

#define MDG_PARAMS_l2_normalization(F, A)                                                                    \
    F(int32_t, rows) F(int32_t, depth)                                                                       \
    F(int32_t, in_zero)

/* As softmax; inverse: the reciprocal of mult, shift */
#define MDG_PARAMS_log_softmax(F, A)                                                                         \
    MDG_PARAMS_softmax(F, A)                                                                                 \
    F(int32_t, inverse_mult) F(int32_t, inverse_shift)

/* y[rows][columns] = a[rows][depth] b[depth][columns] for each batch; strides in elements, 0 repeats an operand */
#define MDG_PARAMS_batch_matmul_shape(F, A)                                                                  \
    A(int32_t, batch, 3) A(int32_t, a_batch_stride, 3) A(int32_t, b_batch_stride, 3)                         \
    F(int32_t, rows) F(int32_t, depth) F(int32_t, columns)                                                   \
    F(int32_t, a_row_stride) F(int32_t, a_column_stride)                                                     \
    F(int32_t, b_row_stride) F(int32_t, b_column_stride)

#define MDG_PARAMS_batch_matmul(F, A)                                                                        \
    MDG_PARAMS_batch_matmul_shape(F, A)                                                                      \
    F(int32_t, a_zero) F(int32_t, b_zero) F(int32_t, out_zero)                                               \
    F(int32_t, mult) F(int32_t, shift)

/* A unit has `rank` filters, each with `memory` values of state. feature: input and weights to state; out: state and
 * time weights to output. */
#define MDG_PARAMS_svdf(F, A)                                                                                \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, units) F(int32_t, rank) F(int32_t, memory)               \
    F(int32_t, in_zero) F(int32_t, state_zero) F(int32_t, out_zero)                                          \
    F(int32_t, feature_mult) F(int32_t, feature_shift)                                                       \
    F(int32_t, out_mult) F(int32_t, out_shift)

#define MDG_PARAMS_svdf_f32(F, A)                                                                            \
    F(int32_t, batches) F(int32_t, in_c) F(int32_t, units) F(int32_t, rank) F(int32_t, memory)               \
    F(float, act_min) F(float, act_max)

/* Vectors of input and output lie batch * batch_stride + step * step_stride vectors from the first. Gates come in the
 * order input, forget, cell, output. in, hidden: input and hidden state with their weights to Q3.12; cell_keep, cell_add:
 * the two products to the cell's scale; tanh: a cell to what mdg_tanh_s16 takes; out: the last product to the output. */
#define MDG_PARAMS_lstm_shape(F, A)                                                                          \
    F(int32_t, batches) F(int32_t, steps) F(int32_t, in_c) F(int32_t, units)                                 \
    F(int32_t, batch_stride) F(int32_t, step_stride)

#define MDG_PARAMS_lstm(F, A)                                                                                \
    MDG_PARAMS_lstm_shape(F, A)                                                                              \
    F(int32_t, in_zero) F(int32_t, hidden_zero)                                                              \
    A(int32_t, in_mult, 4) A(int32_t, in_shift, 4)                                                           \
    A(int32_t, hidden_mult, 4) A(int32_t, hidden_shift, 4)                                                   \
    F(int32_t, cell_keep_mult) F(int32_t, cell_keep_shift)                                                   \
    F(int32_t, cell_add_mult) F(int32_t, cell_add_shift)                                                     \
    F(int32_t, has_clip) F(int32_t, cell_clip)                                                               \
    F(int32_t, tanh_mult) F(int32_t, tanh_shift)                                                             \
    F(int32_t, out_mult) F(int32_t, out_shift)

/* cell_clip: 0 = none */
#define MDG_PARAMS_lstm_f32(F, A)                                                                            \
    MDG_PARAMS_lstm_shape(F, A)                                                                              \
    F(float, cell_clip)

/* row_size: bytes where rows are copied, elements where they are dequantised by `scale` */
#define MDG_PARAMS_embedding_lookup(F, A)                                                                    \
    F(int32_t, count) F(int32_t, rows) F(int32_t, row_size)                                                  \
    F(float, scale)

#define MDG_PARAMS_LIST_NETWORK(P)                                                                           \
    P(rows) P(l2_normalization) P(log_softmax)                                                               \
    P(batch_matmul_shape) P(batch_matmul)                                                                    \
    P(svdf) P(svdf_f32)                                                                                      \
    P(lstm_shape) P(lstm) P(lstm_f32)                                                                        \
    P(embedding_lookup)

/* -- Lists: signal -- */

/* points: complex, half as many as the real samples. length: of a row of samples, those missing are zeros.
 * radix: of each stage, the last comes first. */
#define MDG_PARAMS_fft(F, A)                                                                                 \
    F(int32_t, rows) F(int32_t, length) F(int32_t, points)                                                   \
    F(int32_t, stages) A(int32_t, radix, 16)

#define MDG_PARAMS_window(F, A)                                                                              \
    F(int32_t, rows) F(int32_t, size) F(int32_t, shift)

#define MDG_PARAMS_energy(F, A)                                                                              \
    F(int32_t, bins) F(int32_t, first) F(int32_t, end)

/* Smoothing factors and min_signal_remaining have `bits` fractional bits. */
#define MDG_PARAMS_spectral_subtraction(F, A)                                                                \
    F(int32_t, channels)                                                                                     \
    F(int32_t, even_smoothing) F(int32_t, even_one_minus_smoothing)                                          \
    F(int32_t, odd_smoothing) F(int32_t, odd_one_minus_smoothing)                                            \
    F(int32_t, min_signal_remaining)                                                                         \
    F(int32_t, smoothing_bits) F(int32_t, bits)                                                              \
    F(int32_t, clamping)

#define MDG_PARAMS_pcan(F, A)                                                                                \
    F(int32_t, count) F(int32_t, shift)

#define MDG_PARAMS_filter_bank_log(F, A)                                                                     \
    F(int32_t, count) F(int32_t, scale) F(int32_t, correction_bits)

#define MDG_PARAMS_framer(F, A)                                                                              \
    F(int32_t, rows) F(int32_t, frames) F(int32_t, size) F(int32_t, step) F(int32_t, capacity)

/* size, step: in samples, multiples of channels */
#define MDG_PARAMS_stacker(F, A)                                                                             \
    F(int32_t, channels) F(int32_t, left) F(int32_t, size) F(int32_t, step)

#define MDG_PARAMS_delay(F, A)                                                                               \
    F(int32_t, rows) F(int32_t, size) F(int32_t, delay)

#define MDG_PARAMS_overlap_add(F, A)                                                                         \
    F(int32_t, rows) F(int32_t, frames) F(int32_t, size) F(int32_t, step)

#define MDG_PARAMS_circular_buffer(F, A)                                                                     \
    F(int32_t, size) F(int32_t, depth) F(int32_t, period)

#define MDG_PARAMS_LIST_SIGNAL(P)                                                                            \
    P(fft) P(window) P(energy) P(spectral_subtraction) P(pcan) P(filter_bank_log)                            \
    P(framer) P(stacker) P(delay) P(overlap_add) P(circular_buffer)

/* -- Lists: classic -- */

#define MDG_PARAMS_forest(F, A)                                                                              \
    F(int32_t, features) F(int32_t, classes)                                                                 \
    F(int32_t, trees) F(int32_t, nodes) F(int32_t, leaves) F(int32_t, width)

#define MDG_PARAMS_gaussians(F, A)                                                                           \
    F(int32_t, features) F(int32_t, classes) F(int32_t, components)                                          \
    F(int32_t, shift) F(int32_t, relative)

#define MDG_PARAMS_neighbours(F, A)                                                                          \
    F(int32_t, features) F(int32_t, classes) F(int32_t, prototypes) F(int32_t, k)

#define MDG_PARAMS_mahalanobis(F, A)                                                                         \
    F(int32_t, features)

#define MDG_PARAMS_anomaly(F, A)                                                                             \
    F(int32_t, threshold)

#define MDG_PARAMS_statistics(F, A)                                                                          \
    F(int32_t, frames) F(int32_t, width) F(int32_t, statistics)

#define MDG_PARAMS_LIST_CLASSIC(P) P(forest) P(gaussians) P(neighbours) P(mahalanobis) P(anomaly) P(statistics)

/* -- Lists: armv7em -- */

#define MDG_PARAMS_LIST_ARMV7EM(P) P(pointwise_smlad) P(conv2d_smlad) P(pointwise_lut) P(conv2d_lut) P(depthwise_planes) P(depthwise_taps) P(depthwise_line_smlad) P(fully_connected_smlad) P(add_smlad) P(mean_lanes) P(conv2d_wide) P(svdf_smlad) P(lstm_smlad) P(mul_smlad) P(softmax_table)

/* -- Lists: scalar -- */

#define MDG_PARAMS_LIST_SCALAR(P) P(pointwise_scalar) P(conv2d_scalar) P(depthwise_scalar) P(depthwise_line_scalar) P(fully_connected_scalar) P(add_linear) P(mul_scalar)

/* -- Lists: mve -- */

/* two_sided: see core/kernels/mve/requantize.h */
#define MDG_PARAMS_pointwise_mve(F, A)                                                                       \
    F(int32_t, pixels) F(int32_t, in_c) F(int32_t, out_c)                                                    \
    F(int32_t, out_zero) F(int32_t, two_sided)

#define MDG_PARAMS_conv2d_mve(F, A)                                                                          \
    MDG_PARAMS_conv2d_shape(F, A)                                                                            \
    F(int32_t, in_zero) F(int32_t, out_zero) F(int32_t, two_sided)

/* Axis n is the one that rows run along, m the other; steps are bytes from one index to the next, columns those of the
 * scratch memory. */
#define MDG_PARAMS_depthwise3x3_mve(F, A)                                                                    \
    F(int32_t, batches) F(int32_t, channels)                                                                 \
    F(int32_t, in_n) F(int32_t, in_m) F(int32_t, out_n) F(int32_t, out_m)                                    \
    F(int32_t, stride) F(int32_t, pad_n) F(int32_t, pad_m)                                                   \
    F(int32_t, in_step_n) F(int32_t, in_step_m)                                                              \
    F(int32_t, out_step_n) F(int32_t, out_step_m)                                                            \
    F(int32_t, columns) F(int32_t, in_zero) F(int32_t, out_zero)

/* Names as in add_mve_s8.c; right shifts are at least 1. */
#define MDG_PARAMS_add_mve(F, A)                                                                             \
    F(int32_t, count)                                                                                        \
    F(int32_t, a_start) F(int32_t, b_left) F(int32_t, b_start)                                               \
    F(int32_t, b_mult) F(int32_t, b_right)                                                                   \
    F(int32_t, mult) F(int32_t, right) F(int32_t, out_zero)

/* As mul; both strides end with 1, right is at least 1 */
#define MDG_PARAMS_mul_mve(F, A)                                                                             \
    MDG_PARAMS_broadcast(F, A)                                                                               \
    F(int32_t, a_zero) F(int32_t, b_zero) F(int32_t, out_zero)                                               \
    F(int32_t, mult) F(int32_t, right)

#define MDG_PARAMS_LIST_MVE(P) P(pointwise_mve) P(conv2d_mve) P(depthwise3x3_mve) P(add_mve) P(mul_mve)

/* -- Lists: control -- */

/* Kernels of the application (custom.h) */
#define MDG_PARAMS_custom(F, A)                                                                              \
    F(int32_t, n_in) F(int32_t, n_out) F(int32_t, options_bytes)

#define MDG_PARAMS_LIST_CONTROL(P) P(custom)

/* Every list */
#define MDG_PARAMS_LIST(P) MDG_PARAMS_LIST_BASIC(P) MDG_PARAMS_LIST_ELEMENTWISE(P) MDG_PARAMS_LIST_MOVEMENT(P) MDG_PARAMS_LIST_REDUCTION(P) MDG_PARAMS_LIST_NETWORK(P) MDG_PARAMS_LIST_SIGNAL(P) MDG_PARAMS_LIST_CLASSIC(P) MDG_PARAMS_LIST_CONTROL(P) MDG_PARAMS_LIST_ARMV7EM(P) MDG_PARAMS_LIST_SCALAR(P) MDG_PARAMS_LIST_MVE(P)

#define MDG_PARAMS_FIELD(type, name) type name;
#define MDG_PARAMS_ARRAY(type, name, count) type name[count];
#define MDG_PARAMS_STRUCT(list) typedef struct { MDG_PARAMS_##list(MDG_PARAMS_FIELD, MDG_PARAMS_ARRAY) } mdg_##list##_params;
MDG_PARAMS_LIST(MDG_PARAMS_STRUCT)
/* clang-format on */

#endif
