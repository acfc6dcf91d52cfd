/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV.
 */
#include "../check.h"

enum { MAX_TAPS = 65536 }; /* products of int8 that a 32-bit sum holds */

static bool has_operands(const mdg_conv2d_shape_params *p, const mdg_sizes *s, uint32_t size,
                         uint32_t weight_size, uint32_t bias_size) {
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, 1, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, 1, p->pad_w};
    const uint32_t weights = mdg_count4(p->kernel_h, p->kernel_w, p->in_c, p->out_c);
    return mdg_is_window(&h) && mdg_is_window(&w) && mdg_has_in(s, 1, weights, weight_size) &&
           mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) &&
           mdg_has_optional(s, 2, mdg_count1(p->out_c), bias_size) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size);
}

static bool transpose_conv_s8(const mdg_conv2d_params *p, const mdg_sizes *s, int32_t max_shift) {
    return has_operands((const mdg_conv2d_shape_params *)(const void *)p, s, 1, 1, sizeof(int32_t)) &&
           mdg_count3(p->kernel_h, p->kernel_w, p->in_c) <= MAX_TAPS && mdg_is_int(p->in_zero, 8) &&
           mdg_has_multipliers(s, 3, mdg_count1(p->out_c), max_shift);
}

static bool transpose_conv_s16(const mdg_conv2d_params *p, const mdg_sizes *s, int32_t max_shift) {
    return has_operands((const mdg_conv2d_shape_params *)(const void *)p, s, sizeof(int16_t), 1,
                        sizeof(int64_t)) &&
           mdg_has_multipliers(s, 3, mdg_count1(p->out_c), max_shift);
}

static bool transpose_conv_f32(const mdg_conv2d_f32_params *p, const mdg_sizes *s, uint32_t size) {
    return has_operands((const mdg_conv2d_shape_params *)(const void *)p, s, size, size, size);
}

MDG_CHECK(transpose_conv_s8, conv2d, transpose_conv_s8, 30)
MDG_CHECK(transpose_conv_s16_b64, conv2d, transpose_conv_s16, 14)
MDG_CHECK(transpose_conv_f32, conv2d_f32, transpose_conv_f32, sizeof(float))
