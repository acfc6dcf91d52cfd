/* SPDX-License-Identifier: MIT
 *
 * Kernels of Cortex-M55, M85, whose weights are streams (core/kernels/mve/mac.h).
 */
#include "../check.h"

enum { WORD = sizeof(int32_t), STEP = 16, FACTOR_WORDS = 9 };

/* Four right shifts as bytes */
static bool are_shifts(int32_t word) {
    for (int32_t i = 0; i < 4; i++)
        if (!mdg_within((int8_t)(uint8_t)((uint32_t)word >> 8 * i), -31, 0)) return false;
    return true;
}

/* `groups` of `step` words, of which the last has shifts */
static bool has_shifts(const mdg_sizes *s, uint32_t groups, uint32_t step) {
    const int32_t *words = (const int32_t *)s->constant[1];
    for (uint32_t i = 1; words && i <= groups; i++)
        if (!are_shifts(words[i * step - 1])) return false;
    return words != NULL;
}

/* Stream 1 of the matrix core for windows of `depth` bytes */
static bool has_mac(const mdg_sizes *s, uint32_t depth, int32_t out_c, int32_t out_zero) {
    if (depth == 0 || depth > 1 << 24 || out_c < 1 || out_c > 1 << 24 || !mdg_is_int(out_zero, 8))
        return false;
    const uint32_t groups = ((uint32_t)out_c + 3) / 4;
    const uint32_t step = FACTOR_WORDS + (depth + STEP - 1) / STEP * STEP;
    return mdg_has_in(s, 1, mdg_times(groups, (int32_t)step), WORD) && has_shifts(s, groups, step);
}

/* Scratch 1 for so many windows of `depth` bytes */
static bool has_windows(const mdg_sizes *s, uint32_t count, uint32_t depth) {
    return mdg_has_out(s, 1, count * depth + STEP - 1, 1);
}

/* A single pixel of whole vectors is read where it stands. */
static bool pointwise(const mdg_pointwise_mve_params *p, mdg_sizes *s, uint32_t size) {
    const bool sized = has_mac(s, mdg_count1(p->in_c), p->out_c, p->out_zero) &&
                       mdg_has_in(s, 0, mdg_count2(p->pixels, p->in_c), size) &&
                       mdg_has_out(s, 0, mdg_count2(p->pixels, p->out_c), size);
    if (sized && p->pixels == 1 && p->in_c % STEP == 0) return true;
    return sized && has_windows(s, p->pixels > 1 ? 2 : 1, (uint32_t)p->in_c) &&
           (p->out_c > p->in_c || mdg_may_share(s));
}

/* The steps over a row of taps and from row to row fit, also where a kernel of one tap never takes them. */
static bool has_steps(const mdg_conv2d_mve_params *p) {
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w};
    const int64_t limit = 1 << 29, tap = (int64_t)p->dilation_w * p->in_c,
                  line = (int64_t)p->dilation_h * p->in_w;
    return mdg_is_window(&h) && mdg_is_window(&w) && tap <= limit && tap * p->kernel_w <= limit &&
           line <= limit && line * p->in_c <= limit;
}

static bool conv2d(const mdg_conv2d_mve_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t depth = mdg_count3(p->kernel_h, p->kernel_w, p->in_c);
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) && has_steps(p) &&
           has_mac(s, depth, p->out_c, p->out_zero) && has_windows(s, 2, depth) &&
           mdg_is_int(p->in_zero, 8) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size);
}

/* The stream: for 8 channels 8 biases, 8 multipliers, 8 bytes of shifts, 8 bytes for each tap */
static bool depthwise(const mdg_conv2d_mve_params *p, const mdg_sizes *s, int32_t lanes) {
    const uint32_t step = 18 + 2 * mdg_count2(p->kernel_h, p->kernel_w);
    if (!mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), 1) || !has_steps(p) ||
        step == 18 || p->in_c < lanes || !mdg_is_int(p->in_zero, 8) || !mdg_is_int(p->out_zero, 8))
        return false;
    const uint32_t groups = ((uint32_t)p->in_c + 7) / 8;
    const int32_t *words = (const int32_t *)s->constant[1];
    if (!words || !mdg_has_in(s, 1, mdg_times(groups, (int32_t)step), WORD)) return false;
    for (uint32_t i = 0; i < groups; i++)
        if (!are_shifts(words[i * step + 16]) || !are_shifts(words[i * step + 17])) return false;
    return mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->in_c), 1);
}

/* Pictures of n by m pixels, whose steps are those of the one order or the other */
static bool is_picture(int32_t n, int32_t m, int32_t step_n, int32_t step_m, int32_t channels) {
    const bool by_m = step_n == channels && (int64_t)n * channels == step_m;
    const bool by_n = step_m == channels && (int64_t)m * channels == step_n;
    return by_m || by_n;
}

/* Scratch 1 holds all columns that are written and read. */
static bool has_columns(const mdg_depthwise3x3_mve_params *p, const mdg_sizes *s) {
    const int32_t reach = p->stride == 1 ? p->out_n + 2 : (p->out_n + 3) / 4 * 8 + 2;
    return p->columns >= reach && p->columns >= p->pad_n + p->in_n &&
           mdg_has_out(s, 1, mdg_count2(p->columns, 64), 1);
}

static bool has_column_shifts(const mdg_sizes *s, uint32_t channels) {
    const uint32_t *words = (const uint32_t *)s->constant[1];
    for (uint32_t i = 0; words && i < channels; i++)
        if (!mdg_within((int8_t)(uint8_t)(words[5 * i] >> 24), -31, 0)) return false;
    return words != NULL;
}

/* Sharing memory is safe where output row m needs no input row before it. */
static bool depthwise3x3(const mdg_depthwise3x3_mve_params *p, mdg_sizes *s, int32_t most) {
    const bool sized = mdg_within(p->out_n, 2, most) && mdg_within(p->out_m, 1, most) &&
                       mdg_within(p->in_n, 1, most) && mdg_within(p->in_m, 1, most) &&
                       mdg_within(p->stride, 1, 2) && mdg_within(p->pad_n, 0, 2) &&
                       mdg_within(p->pad_m, 0, 2) && mdg_is_int(p->in_zero, 8) && mdg_is_int(p->out_zero, 8);
    if (!sized || !is_picture(p->in_n, p->in_m, p->in_step_n, p->in_step_m, p->channels) ||
        !is_picture(p->out_n, p->out_m, p->out_step_n, p->out_step_m, p->channels))
        return false;
    const bool keeps = p->in_step_n == p->out_step_n && p->in_step_m == p->out_step_m &&
                       p->in_n == p->out_n && p->in_m == p->out_m && p->stride == 1;
    return has_columns(p, s) && mdg_has_in(s, 0, mdg_count4(p->batches, p->in_n, p->in_m, p->channels), 1) &&
           mdg_has_in(s, 1, mdg_times(5, p->channels), WORD) && has_column_shifts(s, (uint32_t)p->channels) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_n, p->out_m, p->channels), 1) &&
           (!keeps || mdg_may_share(s));
}

static bool add(const mdg_add_mve_params *p, mdg_sizes *s, uint32_t size) {
    const int32_t limit = 1 << 28;
    const uint32_t count = mdg_count1(p->count);
    return mdg_within(p->a_start, -limit, limit) && mdg_within(p->b_start, -limit, limit) &&
           mdg_within(p->b_left, 0, 21) && mdg_within(p->b_right, 1, 31) && mdg_within(p->right, 1, 31) &&
           p->b_mult >= 0 && p->mult >= 0 && mdg_is_int(p->out_zero, 8) && mdg_has_in(s, 0, count, size) &&
           mdg_has_in(s, 1, count, size) && mdg_has_out(s, 0, count, size) && mdg_may_share(s);
}

MDG_CHECK(pointwise_mve_s8, pointwise_mve, pointwise, 1)
MDG_CHECK(conv2d_mve_s8, conv2d_mve, conv2d, 1)
MDG_CHECK(depthwise_mve_s8, conv2d_mve, depthwise, 8)
MDG_CHECK(depthwise3x3_mve_s8, depthwise3x3_mve, depthwise3x3, 1 << 20)
MDG_CHECK(add_mve_s8, add_mve, add, 1)
