/* SPDX-License-Identifier: MIT
 *
 * depthwise_smlad.h: DEPTHWISE_CONV_2D on int8 of any kernel, at least 4 channels, one output channel for
 * each: four channels at a time. Taps in the padding read the input's zero point.
 *
 * Stream, for four channels: bias, multiplier, offset, shift of each | weights, row by row
 */
#ifndef MDG_ARMV7EM_DEPTHWISE_SMLAD_H
#define MDG_ARMV7EM_DEPTHWISE_SMLAD_H

#include "conv_at.h"
#include "../../simd32.h"

typedef struct mdg_depthwise_sums {
    int32_t c0, c1, c2, c3;
} mdg_depthwise_sums;

/* What depends on how weights stand. row adds the taps of a kernel row, `step` bytes apart. In the padding
 * tap follows tap: next gives the weights of number t of a row, after those of t - 1, and add adds them. A
 * row has row_words; sums stand 2^scale times as large, without their biases unless it is 0. */
typedef struct mdg_depthwise_core {
    void (*row)(mdg_depthwise_sums *s, const int8_t *x, const int32_t *w, int32_t taps, int32_t step);
    uint32_t (*next)(const int32_t **w, uint32_t before, int32_t t);
    void (*add)(mdg_depthwise_sums *s, uint32_t x, uint32_t w);
    int32_t row_words, scale;
} mdg_depthwise_core;

/* Products of four channels: w_even holds the weights of channels 0 and 2, w_odd of 1 and 3. */
MDG_INLINE void mdg_depthwise_products(mdg_depthwise_sums *s, uint32_t x, uint32_t w_even, uint32_t w_odd) {
    const uint32_t x_even = mdg_sxtb16(x), x_odd = mdg_sxtb16_odd(x);
    s->c0 = mdg_smlabb(x_even, w_even, s->c0);
    s->c1 = mdg_smlabb(x_odd, w_odd, s->c1);
    s->c2 = mdg_smlatt(x_even, w_even, s->c2);
    s->c3 = mdg_smlatt(x_odd, w_odd, s->c3);
}

/* All taps lie in the picture; x points at the first. */
MDG_INLINE void mdg_depthwise_inside(const mdg_conv2d_smlad_params *p, mdg_depthwise_sums *sums,
                                     const int8_t *x, const int32_t *w, mdg_depthwise_core core) {
    const int32_t step = p->dilation_w * p->in_c, row = p->dilation_h * p->in_w * p->in_c;
    mdg_depthwise_sums s = *sums;
    for (int32_t ky = p->kernel_h; ky > 0; ky--, x += row, w += core.row_words)
        core.row(&s, x, w, p->kernel_w, step);
    *sums = s;
}

MDG_INLINE void mdg_depthwise_border(const mdg_conv2d_smlad_params *p, mdg_depthwise_sums *s,
                                     const mdg_conv_at *at, int32_t channel, const int32_t *w,
                                     mdg_depthwise_core core) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    uint32_t weights = 0;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        for (int32_t kx = 0; kx < p->kernel_w; kx++) {
            const int32_t y = at->y + ky * p->dilation_h, x = at->x + kx * p->dilation_w;
            const int inside = y >= 0 && y < p->in_h && x >= 0 && x < p->in_w;
            const uint32_t word =
                inside ? mdg_load4(at->picture + (y * p->in_w + x) * p->in_c + channel) : zeros;
            weights = core.next(&w, weights, kx);
            core.add(s, word, weights);
        }
    }
}

/* Two-sided (mac.h); q: bias, multiplier, offset, shift */
MDG_INLINE int8_t mdg_depthwise_requantize(int32_t sum, const int32_t *q, int32_t scale) {
    if (scale) sum = mdg_wrapping_add(q[0], sum >> scale);
    return (int8_t)mdg_ssat8(mdg_smmlar(mdg_shift_left(sum, 1), q[1], mdg_wrapping_add(q[2], sum >> 31)) >>
                             q[3]);
}

MDG_INLINE void mdg_depthwise(const mdg_conv2d_smlad_params *p, const void *const *in, void *const *out,
                              mdg_depthwise_core core) {
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][in_c] */

    const int32_t outputs = p->batches * p->out_h * p->out_w, scale = core.scale;
    for (int32_t c = 0; c < p->in_c; c += 4, w += 16 + p->kernel_h * core.row_words) {
        mdg_conv_at at = mdg_conv_first(p, x);
        const int32_t first = c + 4 <= p->in_c ? c : p->in_c - 4;
        int8_t *to = y + first;
        for (int32_t o = 0; o < outputs; o++, to += p->in_c, mdg_conv_next(p, &at)) {
            mdg_depthwise_sums s = {scale ? 0 : w[0], scale ? 0 : w[4], scale ? 0 : w[8], scale ? 0 : w[12]};
            if (mdg_conv_is_inside(p, &at))
                mdg_depthwise_inside(p, &s, at.picture + (at.y * p->in_w + at.x) * p->in_c + first, w + 16,
                                     core);
            else
                mdg_depthwise_border(p, &s, &at, first, w + 16, core);
            to[0] = mdg_depthwise_requantize(s.c0, w, scale);
            to[1] = mdg_depthwise_requantize(s.c1, w + 4, scale);
            to[2] = mdg_depthwise_requantize(s.c2, w + 8, scale);
            to[3] = mdg_depthwise_requantize(s.c3, w + 12, scale);
        }
    }
}

#endif
