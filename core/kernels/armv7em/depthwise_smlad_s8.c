/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 of any kernel, channels a multiple of 4, one output channel for each: four
 * channels at a time. Taps in the padding read the input's zero point.
 *
 * Stream, for four channels: bias, multiplier, offset, shift of each | a word of four weights for each tap
 */
#include "conv_at.h"
#include "../../simd32.h"

typedef struct depthwise_smlad_sums {
    int32_t c0, c1, c2, c3;
} depthwise_smlad_sums;

static inline void depthwise_smlad_tap(depthwise_smlad_sums *s, uint32_t x, uint32_t w) {
    const uint32_t x_even = mdg_sxtb16(x), x_odd = mdg_sxtb16_odd(x);
    const uint32_t w_even = mdg_sxtb16(w), w_odd = mdg_sxtb16_odd(w);
    s->c0 = mdg_smlabb(x_even, w_even, s->c0);
    s->c1 = mdg_smlabb(x_odd, w_odd, s->c1);
    s->c2 = mdg_smlatt(x_even, w_even, s->c2);
    s->c3 = mdg_smlatt(x_odd, w_odd, s->c3);
}

/* All taps lie in the picture; x points at the first. */
static inline void depthwise_smlad_inside(const mdg_conv2d_smlad_params *p, depthwise_smlad_sums *sums,
                                          const int8_t *x, const int32_t *w) {
    const int32_t step = p->dilation_w * p->in_c, taps = p->kernel_w;
    const int32_t row = p->dilation_h * p->in_w * p->in_c - taps * step;
    depthwise_smlad_sums s = *sums;
    for (int32_t ky = p->kernel_h; ky > 0; ky--, x += row) {
        int32_t kx = taps;
        do {
            depthwise_smlad_tap(&s, mdg_load4(x), (uint32_t)*w++);
            x += step;
        } while (--kx > 0);
    }
    *sums = s;
}

static inline void depthwise_smlad_border(const mdg_conv2d_smlad_params *p, depthwise_smlad_sums *s,
                                          const mdg_conv_at *at, int32_t channel, const int32_t *w) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        for (int32_t kx = 0; kx < p->kernel_w; kx++) {
            const int32_t y = at->y + ky * p->dilation_h, x = at->x + kx * p->dilation_w;
            const int inside = y >= 0 && y < p->in_h && x >= 0 && x < p->in_w;
            const uint32_t word =
                inside ? mdg_load4(at->picture + (y * p->in_w + x) * p->in_c + channel) : zeros;
            depthwise_smlad_tap(s, word, (uint32_t)*w++);
        }
    }
}

/* Two-sided (mac.h): multiplier, offset, shift */
static inline int8_t depthwise_smlad_requantize(int32_t sum, const int32_t *q) {
    return (int8_t)mdg_ssat8(mdg_smmlar(mdg_shift_left(sum, 1), q[0], mdg_wrapping_add(q[1], sum >> 31)) >>
                             q[2]);
}

MDG_KERNEL void mdg_depthwise_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][in_c] */

    const int32_t outputs = p->batches * p->out_h * p->out_w;
    for (int32_t c = 0; c < p->in_c; c += 4, w += 16 + p->kernel_h * p->kernel_w) {
        mdg_conv_at at = mdg_conv_first(p, x);
        const int32_t first = c + 4 <= p->in_c ? c : p->in_c - 4;
        int8_t *to = y + first;
        for (int32_t o = 0; o < outputs; o++, to += p->in_c, mdg_conv_next(p, &at)) {
            depthwise_smlad_sums s = {w[0], w[4], w[8], w[12]};
            if (mdg_conv_is_inside(p, &at))
                depthwise_smlad_inside(p, &s, at.picture + (at.y * p->in_w + at.x) * p->in_c + first, w + 16);
            else
                depthwise_smlad_border(p, &s, &at, first, w + 16);
            to[0] = depthwise_smlad_requantize(s.c0, w + 1);
            to[1] = depthwise_smlad_requantize(s.c1, w + 5);
            to[2] = depthwise_smlad_requantize(s.c2, w + 9);
            to[3] = depthwise_smlad_requantize(s.c3, w + 13);
        }
    }
}
