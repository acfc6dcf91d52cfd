/* SPDX-License-Identifier: MIT
 *
 * Convolutions.
 */
#include "../check.h"

/* Bytes of an element of input, weights and bias; weights that share a byte */
typedef struct conv_sizes {
    uint32_t x, w, bias, w_a_byte;
} conv_sizes;

static bool has_windows(const mdg_conv2d_shape_params *p) {
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w};
    return mdg_is_window(&h) && mdg_is_window(&w) && mdg_has_steps(&h, &w, p->in_w, p->in_c);
}

/* Weights: [out_c][kernel][filter_c], or of depthwise convolutions [kernel][out_c] */
static bool has_operands(const mdg_conv2d_shape_params *p, const mdg_sizes *s, const conv_sizes *size) {
    const uint32_t weights = mdg_times(mdg_count3(p->kernel_h, p->kernel_w, p->filter_c), p->out_c);
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size->x) &&
           mdg_has_in(s, 1, mdg_packed(weights, size->w_a_byte), size->w) &&
           mdg_has_optional(s, 2, mdg_count1(p->out_c), size->bias) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size->x);
}

static bool has_groups(const mdg_conv2d_shape_params *p) {
    if (p->filter_c < 1 || p->in_c < p->filter_c || p->in_c % p->filter_c != 0) return false;
    const int32_t groups = p->in_c / p->filter_c;
    return p->out_c >= groups && p->out_c % groups == 0;
}

static bool has_depth_multiplier(const mdg_conv2d_shape_params *p) {
    return p->filter_c == 1 && p->out_c >= 1 && p->depth_multiplier >= 1 &&
           (p->out_c - 1) / p->depth_multiplier < p->in_c;
}

/* As many products as a 32-bit sum holds */
static bool has_sum(const mdg_conv2d_params *p) {
    return mdg_within((int32_t)mdg_count3(p->kernel_h, p->kernel_w, p->filter_c), 1, 65536) &&
           mdg_is_int(p->in_zero, 8);
}

typedef bool groups_fn(const mdg_conv2d_shape_params *p);

static bool conv_s8(const mdg_conv2d_params *p, const mdg_sizes *s, groups_fn *groups, uint32_t w_a_byte) {
    const mdg_conv2d_shape_params *shape = (const mdg_conv2d_shape_params *)(const void *)p;
    const conv_sizes size = {1, 1, sizeof(int32_t), w_a_byte};
    return groups(shape) && has_windows(shape) && has_operands(shape, s, &size) && has_sum(p) &&
           mdg_has_multipliers(s, 3, mdg_count1(p->out_c), 30);
}

/* Sums have 64 bits. */
static bool conv_s16(const mdg_conv2d_params *p, const mdg_sizes *s, groups_fn *groups, uint32_t bias_size) {
    const mdg_conv2d_shape_params *shape = (const mdg_conv2d_shape_params *)(const void *)p;
    const conv_sizes size = {sizeof(int16_t), 1, bias_size, 1};
    return groups(shape) && has_windows(shape) && has_operands(shape, s, &size) &&
           mdg_has_multipliers(s, 3, mdg_count1(p->out_c), bias_size == 8 ? 14 : 30);
}

static bool conv_f32(const mdg_conv2d_f32_params *p, const mdg_sizes *s, groups_fn *groups) {
    const mdg_conv2d_shape_params *shape = (const mdg_conv2d_shape_params *)(const void *)p;
    const conv_sizes size = {sizeof(float), sizeof(float), sizeof(float), 1};
    return groups(shape) && has_windows(shape) && has_operands(shape, s, &size);
}

MDG_CHECK(conv2d_s8, conv2d, conv_s8, has_groups, 1)
MDG_CHECK(conv2d_s8_w4, conv2d, conv_s8, has_groups, 2)
MDG_CHECK(conv2d_s16_b32, conv2d, conv_s16, has_groups, sizeof(int32_t))
MDG_CHECK(conv2d_s16_b64, conv2d, conv_s16, has_groups, sizeof(int64_t))
MDG_CHECK(conv2d_f32, conv2d_f32, conv_f32, has_groups)
MDG_CHECK(depthwise_conv2d_s8, conv2d, conv_s8, has_depth_multiplier, 1)
MDG_CHECK(depthwise_conv2d_s8_w4, conv2d, conv_s8, has_depth_multiplier, 2)
MDG_CHECK(depthwise_conv2d_s16_b64, conv2d, conv_s16, has_depth_multiplier, sizeof(int64_t))
MDG_CHECK(depthwise_conv2d_f32, conv2d_f32, conv_f32, has_depth_multiplier)
