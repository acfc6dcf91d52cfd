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
    return mdg_is_window(&h) && mdg_is_window(&w) && tap <= limit && line <= limit && line * p->in_c <= limit;
}

static bool conv2d(const mdg_conv2d_mve_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t depth = mdg_count3(p->kernel_h, p->kernel_w, p->in_c);
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) && has_steps(p) &&
           has_mac(s, depth, p->out_c, p->out_zero) && has_windows(s, 2, depth) &&
           mdg_is_int(p->in_zero, 8) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size);
}

MDG_CHECK(pointwise_mve_s8, pointwise_mve, pointwise, 1)
MDG_CHECK(conv2d_mve_s8, conv2d_mve, conv2d, 1)
