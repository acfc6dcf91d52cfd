/* SPDX-License-Identifier: MIT
 *
 * Kernels of Cortex-M4, M7, M33, whose weights are streams (core/kernels/armv7em/mac.h).
 */
#include "../check.h"

enum { WORD = sizeof(int32_t) };

/* `count` groups of `step` words: each has a shift at word `shift`. */
static bool has_shifts(const mdg_sizes *s, uint32_t k, uint32_t count, uint32_t step, uint32_t shift) {
    const int32_t *words = (const int32_t *)s->constant[k];
    if (!words) return false;
    for (uint32_t i = 0; i < count; i++)
        if (!mdg_within(words[i * step + shift], 0, 31)) return false;
    return true;
}

/* Stream 1 of the matrix core: for two channels 2 biases, depth / 2 words of weights, 3 words of
 * requantisation each. Scratch 1 of depth / 4 * 6 words, and `more` bytes. */
static bool has_mac(const mdg_sizes *s, int32_t depth, int32_t out_c, int32_t more) {
    if (!mdg_within(depth, 4, 1 << 24) || depth % 4 != 0 || out_c < 2 || out_c % 2 != 0 || more < 0)
        return false;
    const uint32_t pairs = (uint32_t)out_c / 2, step = 8 + (uint32_t)depth / 2;
    return mdg_has_in(s, 1, mdg_times(pairs, (int32_t)step), WORD) &&
           has_shifts(s, 1, pairs, step, step - 4) && has_shifts(s, 1, pairs, step, step - 1) &&
           s->n_out > 1 && s->out[1] >= (uint32_t)more &&
           mdg_holds(s->out[1] - (uint32_t)more, mdg_count2(depth, 6), 1);
}

static bool pointwise(const mdg_pointwise_smlad_params *p, mdg_sizes *s, uint32_t size) {
    return has_mac(s, p->in_c, p->out_c, 0) && mdg_has_in(s, 0, mdg_count2(p->pixels, p->in_c), size) &&
           mdg_has_out(s, 0, mdg_count2(p->pixels, p->out_c), size) &&
           (p->out_c > p->in_c || mdg_may_share(s));
}

static bool has_windows(const mdg_conv2d_smlad_params *p) {
    const mdg_window_check h = {p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h};
    const mdg_window_check w = {p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w};
    return mdg_is_window(&h) && mdg_is_window(&w);
}

/* more: bytes of scratch behind the panel */
static bool conv2d(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, int32_t more) {
    const uint32_t taps = mdg_count3(p->kernel_h, p->kernel_w, p->in_c);
    return has_windows(p) && taps > 0 && (uint32_t)p->depth == (taps + 3) / 4 * 4 &&
           has_mac(s, p->depth, p->out_c, more) && mdg_is_int(p->in_zero, 8) &&
           mdg_has_in(s, 0, mdg_count4(p->batches, p->in_h, p->in_w, p->in_c), 1) &&
           mdg_has_out(s, 0, mdg_count4(p->batches, p->out_h, p->out_w, p->out_c), 1);
}

static bool conv2d_wide(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, int32_t multiple) {
    return p->in_c % multiple == 0 && conv2d(p, s, p->in_c);
}

static bool conv2d_narrow(const mdg_conv2d_smlad_params *p, const mdg_sizes *s, int32_t windows) {
    return mdg_within(p->depth, 4, 1 << 24) && conv2d(p, s, windows * p->depth);
}

/* The stream: for 4 outputs 4 biases, and a word for each input, rounded up to a multiple of 4 */
static bool fully_connected(const mdg_fully_connected_smlad_params *p, const mdg_sizes *s, uint32_t size) {
    if (!mdg_within(p->in_c, 1, 1 << 24) || !mdg_within(p->out_c, 1, 1 << 24) ||
        !mdg_within(p->chunk, 4, 1 << 25) || p->chunk % 4 != 0 ||
        (p->requant_step != 0 && p->requant_step != 3))
        return false;
    const uint32_t requants = p->requant_step ? (uint32_t)p->out_c : 1;
    const int32_t words = 4 + (p->in_c + 3) / 4 * 4;
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), size) &&
           mdg_has_in(s, 1, mdg_count2((p->out_c + 3) / 4, words), WORD) &&
           mdg_has_in(s, 2, mdg_times(requants, 3), WORD) && has_shifts(s, 2, requants, 3, 2) &&
           mdg_has_out(s, 0, mdg_count2(p->batches, p->out_c), size);
}

MDG_CHECK(pointwise_smlad_s8, pointwise_smlad, pointwise, 1)
MDG_CHECK(conv2d_smlad_s8, conv2d_smlad, conv2d_wide, 4)
MDG_CHECK(conv2d_narrow_smlad_s8, conv2d_smlad, conv2d_narrow, 3)
MDG_CHECK(fully_connected_smlad_s8, fully_connected_smlad, fully_connected, 1)
