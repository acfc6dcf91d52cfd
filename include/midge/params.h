/* SPDX-License-Identifier: MIT
 *
 * params.h: the constant parameters of every kernel, each listed once.
 *
 * A list names its fields: F(type, name) is a scalar, A(type, name, count) an array. All fields are int32_t or
 * float, so a struct is a run of 32-bit words without padding, the same on every machine. From each list come
 * the struct (here), the field table that prints it (host/lower) and its text in generated C.
 * Field order is part of the model image's format.
 */
#ifndef MIDGE_PARAMS_H
#define MIDGE_PARAMS_H

#include <stdint.h>

#define MDG_MAX_RANK 8

/* conv2d, depthwise conv2d; sizes in elements. in_c / filter_c is the number of groups. Zero points are those
 * of the quantisation: real = scale * (q - zero_point). act_min, act_max: the fused activation in the
 * output's quantised range. depth_multiplier is used by depthwise alone (out_c = in_c * depth_multiplier). */
#define MDG_PARAMS_conv2d(F, A)                                                                              \
    F(int32_t, batches)                                                                                      \
    F(int32_t, in_h) F(int32_t, in_w) F(int32_t, in_c)                                                       \
    F(int32_t, out_h) F(int32_t, out_w) F(int32_t, out_c)                                                    \
    F(int32_t, kernel_h) F(int32_t, kernel_w) F(int32_t, filter_c)                                           \
    F(int32_t, stride_h) F(int32_t, stride_w)                                                                \
    F(int32_t, dilation_h) F(int32_t, dilation_w)                                                            \
    F(int32_t, pad_h) F(int32_t, pad_w)                                                                      \
    F(int32_t, depth_multiplier)                                                                             \
    F(int32_t, in_zero) F(int32_t, out_zero)                                                                 \
    F(int32_t, act_min) F(int32_t, act_max)

/* The list of parameter lists: P(name) */
#define MDG_PARAMS_LIST(P)                                                                                   \
    P(conv2d)

#define MDG_PARAMS_FIELD(type, name) type name;
#define MDG_PARAMS_ARRAY(type, name, count) type name[count];
#define MDG_PARAMS_STRUCT(list) typedef struct { MDG_PARAMS_##list(MDG_PARAMS_FIELD, MDG_PARAMS_ARRAY) } mdg_##list##_params;
MDG_PARAMS_LIST(MDG_PARAMS_STRUCT)

#endif
