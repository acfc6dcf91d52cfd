/* SPDX-License-Identifier: MIT
 *
 * CONV_2D without groups and FULLY_CONNECTED on int16 with int8 weights, zero points 0: two outputs at a time
 * (wide.h). Sums hold 32 bits, which the desktop has seen to.
 *
 * Stream, for two channels: biases of a, b | for 4 taps the weights of a, b | multiplier and right shift of
 * a, of b. Of an odd number of channels the last two come again as a pair.
 */
#include "midge/kernel.h"
#include "wide.h"

/* An output's window: the picture, and the place of its first tap */
typedef struct conv2d_wide_at {
    const int16_t *picture;
    int32_t oy, ox;
} conv2d_wide_at;

static inline void conv2d_wide_next(const mdg_conv2d_wide_params *p, conv2d_wide_at *at) {
    if (++at->ox < p->out_w) return;
    at->ox = 0;
    if (++at->oy < p->out_h) return;
    at->oy = 0;
    at->picture += p->in_h * p->in_w * p->in_c;
}

/* Puts n taps, from number t on, to one pixel of a panel; from = NULL: zeros. */
static inline void conv2d_wide_put(int16_t *to, int32_t t, const int16_t *from, int32_t n) {
    if (((t | n) & 3) == 0) {
        for (to += 2 * t; n > 0; n -= 4, to += 8) {
            mdg_store4((int8_t *)to, from ? mdg_load4((const int8_t *)from) : 0);
            mdg_store4((int8_t *)(to + 2), from ? mdg_load4((const int8_t *)(from + 2)) : 0);
            from = from ? from + 4 : NULL;
        }
    } else {
        for (int32_t i = 0; i < n; i++, t++) to[2 * (t & ~3) + (t & 3)] = from ? from[i] : 0;
    }
}

static inline void conv2d_wide_gather(const mdg_conv2d_wide_params *p, int16_t *to,
                                      const conv2d_wide_at *at) {
    const int32_t y0 = at->oy * p->stride_h - p->pad_h, x0 = at->ox * p->stride_w - p->pad_w;
    int32_t t = 0;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        const int32_t y = y0 + ky * p->dilation_h;
        for (int32_t kx = 0; kx < p->kernel_w; kx++, t += p->in_c) {
            const int32_t x = x0 + kx * p->dilation_w;
            const int inside = y >= 0 && y < p->in_h && x >= 0 && x < p->in_w;
            conv2d_wide_put(to, t, inside ? at->picture + (y * p->in_w + x) * p->in_c : NULL, p->in_c);
        }
    }
}

/* All channels of two pixels, whose outputs stand `second` apart */
static inline void conv2d_wide_pixels(const mdg_conv2d_wide_params *p, const uint32_t *panel,
                                      const int32_t *w, int16_t *y, int32_t second) {
    const int32_t next = p->out_c > 1 ? 1 : 0;
    for (int32_t c = 0; c < p->out_c; c += 2) {
        int16_t *to = y + (c + 2 <= p->out_c ? c : p->out_c - 1 - next);
        int32_t sum[4] = {w[0], w[0], w[1], w[1]};
        w = mdg_wide_add(sum, panel, w + 2, p->depth / 4);
        to[second] = mdg_wide_requantize(sum[1], w, p->roundings);
        to[0] = mdg_wide_requantize(sum[0], w, p->roundings);
        to[second + next] = mdg_wide_requantize(sum[3], w + 2, p->roundings);
        to[next] = mdg_wide_requantize(sum[2], w + 2, p->roundings);
        w += 4;
    }
}

MDG_KERNEL void mdg_conv2d_smlad_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_wide_params *p = (const mdg_conv2d_wide_params *)params;
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int16_t *y = (int16_t *)out[0];            /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [depth / 4][4] */

    conv2d_wide_at at;
    at.picture = (const int16_t *)in[0]; /* [batches][in_h][in_w][in_c] */
    at.oy = at.ox = 0;
    memset(panel, 0, (size_t)p->depth * 4);
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 2, y += 2 * p->out_c) {
        for (int32_t i = 0; i < 2 && i < left; i++, conv2d_wide_next(p, &at))
            conv2d_wide_gather(p, (int16_t *)panel + 4 * i, &at);
        conv2d_wide_pixels(p, panel, w, y, left > 1 ? p->out_c : 0);
    }
}
