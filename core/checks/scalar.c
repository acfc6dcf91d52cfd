/* SPDX-License-Identifier: MIT
 *
 * Kernels of processors without SIMD (core/kernels/scalar).
 */
#include "../check.h"
#include "../kernels/scalar/pairs_groups.h"

enum { WORD = sizeof(int32_t), LANES = 8, FACTORS = 3 };

/* The groups of one channel, from byte *at on: `depth` taps, with one last group */
static bool has_channel(const uint8_t *groups, uint32_t bytes, uint32_t *at, int32_t depth) {
    int32_t taps = 0;
    while (taps < depth) {
        if (*at >= bytes) return false;
        const uint8_t group = groups[(*at)++];
        const int32_t n = mdg_pairs_taps(group);
        const int is_last = mdg_pairs_is_last(group);
        if (n < 1 || group != mdg_pairs_group(n, is_last)) return false;
        taps += n;
        if (is_last != (taps == depth)) return false;
    }
    return taps == depth;
}

static bool has_groups(const mdg_sizes *s, int32_t depth, int32_t out_c) {
    const uint8_t *groups = (const uint8_t *)s->constant[2];
    uint32_t at = 0;
    for (int32_t c = 0; c < out_c; c++)
        if (!groups || !has_channel(groups, s->in[2], &at, depth)) return false;
    return true;
}

/* `count` times `step` words, of which the last holds a shift */
static bool has_shifts(const mdg_sizes *s, uint32_t k, int32_t count, int32_t step) {
    const int32_t *factors = (const int32_t *)s->constant[k];
    for (int32_t c = 1; c <= count; c++)
        if (!factors || !mdg_within(factors[step * c - 1] & 255, 0, 31)) return false;
    return true;
}

/* Weights 1, groups 2, factors 3; scratch 1 of [depth][2] words and 4 times `more` bytes */
static bool has_pairs(const mdg_sizes *s, uint32_t depth, int32_t out_c, int32_t more) {
    if (depth == 0 || depth > 1 << 24 || !mdg_within(out_c, 1, 1 << 24)) return false;
    const uint32_t weights = mdg_count3((out_c + LANES - 1) / LANES, LANES, (int32_t)depth);
    const uint32_t panel = mdg_count2((int32_t)depth, 2 * WORD), rest = mdg_count2(more, 4);
    return mdg_has_in(s, 1, weights, 1) && s->n_in > 2 && has_groups(s, (int32_t)depth, out_c) &&
           mdg_has_in(s, 3, mdg_count2(out_c, FACTORS), WORD) && has_shifts(s, 3, out_c, FACTORS) &&
           rest > 0 && s->n_out > 1 && s->out[1] >= rest && mdg_holds(s->out[1] - rest, panel, 1);
}

static bool pointwise(const mdg_pointwise_scalar_params *p, mdg_sizes *s, uint32_t size) {
    return has_pairs(s, mdg_count1(p->in_c), p->out_c, p->out_c) &&
           mdg_has_in(s, 0, mdg_count2(p->pixels, p->in_c), size) &&
           mdg_has_out(s, 0, mdg_count2(p->pixels, p->out_c), size) &&
           mdg_within(p->pixels, 1, INT32_MAX - 4) && (p->out_c > p->in_c || mdg_may_share(s));
}

static bool conv2d(const mdg_conv2d_scalar_params *p, const mdg_sizes *s, uint32_t size) {
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w};
    const int32_t run = (int32_t)mdg_count2(p->kernel_w, p->in_c);
    return mdg_is_window(&h) && mdg_is_window(&w) && mdg_has_steps(&h, &w, p->in_w, p->in_c) &&
           mdg_is_int(p->in_zero, 8) &&
           has_pairs(s, mdg_count3(p->kernel_h, p->kernel_w, p->in_c), p->out_c,
                     run > p->out_c ? run : p->out_c) &&
           mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), size) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), size);
}

/* Pictures of n by m pixels, whose steps are those of the one order or the other */
static bool is_picture(int32_t n, int32_t m, int32_t step_n, int32_t step_m, int32_t channels) {
    const bool by_m = step_n == channels && (int64_t)n * channels == step_m;
    const bool by_n = step_m == channels && (int64_t)m * channels == step_n;
    return by_m || by_n;
}

static bool has_axes(const mdg_depthwise_scalar_params *p, int32_t out_c) {
    const mdg_window_check n = {p->out_n, p->kernel_n, p->stride_n, p->dilation_n, p->pad_n};
    const mdg_window_check m = {p->out_m, p->kernel_m, p->stride_m, p->dilation_m, p->pad_m};
    return mdg_is_window(&n) && mdg_is_window(&m) && mdg_is_int(p->in_zero, 8) && p->in_n > 0 &&
           p->in_m > 0 && is_picture(p->in_n, p->in_m, p->in_step_n, p->in_step_m, p->channels) &&
           is_picture(p->out_n, p->out_m, p->out_step_n, p->out_step_m, out_c) &&
           (int64_t)p->in_step_n * p->stride_n < INT32_MAX / 4 &&
           (int64_t)p->in_step_n * (p->pad_n + (int64_t)p->in_n) < INT32_MAX / 4;
}

/* Scratch 1: two words for each tap, the rows of a band, 3 words */
static bool has_plane(const mdg_depthwise_scalar_params *p, const mdg_sizes *s, uint32_t taps) {
    const int64_t columns =
        (int64_t)(p->out_n - 1) * p->stride_n + (int64_t)(p->kernel_n - 1) * p->dilation_n + 1;
    if (p->phase != (columns + p->stride_n - 1) / p->stride_n || !mdg_within(p->band, 1, p->out_m))
        return false;
    const int64_t rows =
        (int64_t)(p->band - 1) * p->stride_m + (int64_t)(p->kernel_m - 1) * p->dilation_m + 1;
    const uint32_t plane = rows > INT32_MAX ? 0 : mdg_count3((int32_t)rows, p->stride_n, p->phase);
    const uint32_t words = plane > 1 << 24 || taps > 1 << 24 || plane == 0 ? 0 : plane + 2 * taps + 3;
    return mdg_has_out(s, 1, words, WORD);
}

/* Sharing memory is safe where output row m needs no input row before it that no plane keeps. */
static bool depthwise(const mdg_depthwise_scalar_params *p, mdg_sizes *s, uint32_t size) {
    const uint32_t out_c = mdg_count2(p->channels, p->multiplier),
                   taps = mdg_count2(p->kernel_m, p->kernel_n);
    if (out_c == 0 || taps == 0 || !has_axes(p, (int32_t)out_c) || !has_plane(p, s, taps)) return false;
    const bool keeps = p->in_n == p->out_n && p->in_m == p->out_m && p->stride_n == 1 && p->stride_m == 1 &&
                       p->multiplier == 1 && p->in_step_n == p->out_step_n &&
                       p->pad_m <= (p->kernel_m - 1) * p->dilation_m;
    return mdg_has_in(s, 0, mdg_count4(p->batches, p->in_n, p->in_m, p->channels), size) &&
           mdg_has_in(s, 1, mdg_times(out_c, (int32_t)taps), 1) &&
           mdg_has_in(s, 2, mdg_times(out_c, FACTORS), WORD) && has_shifts(s, 2, (int32_t)out_c, FACTORS) &&
           mdg_has_out(s, 0, mdg_times(mdg_count3(p->batches, p->out_n, p->out_m), (int32_t)out_c), size) &&
           (!keeps || mdg_may_share(s));
}

static bool depthwise_line(const mdg_depthwise_line_scalar_params *p, const mdg_sizes *s, uint32_t size) {
    const mdg_line_check line = {p->channels, p->taps, p->outputs, p->tap_step, p->out_step};
    return mdg_has_in(s, 0, mdg_line_elements(&line), size) &&
           mdg_has_in(s, 1, mdg_count2(p->channels, p->taps), 1) &&
           mdg_has_in(s, 2, mdg_count2(p->channels, FACTORS), WORD) &&
           has_shifts(s, 2, p->channels, FACTORS) &&
           mdg_has_out(s, 0, mdg_count2(p->outputs, p->channels), size);
}

static bool fully_connected(const mdg_fully_connected_scalar_params *p, const mdg_sizes *s, uint32_t size) {
    if (!mdg_within(p->in_c, 1, 1 << 24) || !mdg_within(p->out_c, 1, 1 << 24) ||
        (p->factor_step != 0 && p->factor_step != 2))
        return false;
    const int32_t outputs = (p->out_c + 3) / 4 * 4, factors = p->factor_step ? p->out_c : 1;
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), size) &&
           mdg_has_in(s, 1, mdg_count2(outputs, p->in_c), size) &&
           mdg_has_in(s, 2, mdg_count1(outputs), WORD) && mdg_has_in(s, 3, mdg_count2(factors, 2), WORD) &&
           has_shifts(s, 3, factors, 2) && mdg_has_out(s, 0, mdg_count2(p->batches, p->out_c), size);
}

static bool add(const mdg_add_linear_params *p, mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count1(p->count);
    return mdg_is_int(p->a_scale, 25) && mdg_is_int(p->b_scale, 25) && mdg_within(p->shift, 0, 31) &&
           mdg_is_int(p->act_min, 8) && mdg_is_int(p->act_max, 8) && mdg_has_in(s, 0, count, size) &&
           mdg_has_in(s, 1, count, size) && mdg_has_out(s, 0, count, size) && mdg_may_share(s);
}

MDG_CHECK(pointwise_scalar_s8, pointwise_scalar, pointwise, 1)
MDG_CHECK(conv2d_scalar_s8, conv2d_scalar, conv2d, 1)
MDG_CHECK(depthwise_scalar_s8, depthwise_scalar, depthwise, 1)
MDG_CHECK(depthwise_line_scalar_s8, depthwise_line_scalar, depthwise_line, 1)
MDG_CHECK(fully_connected_scalar_s8, fully_connected_scalar, fully_connected, 1)
MDG_CHECK(add_linear_s8, add_linear, add, 1)
