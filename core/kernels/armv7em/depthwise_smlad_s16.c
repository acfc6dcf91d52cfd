/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int16 with int8 weights, zero points 0, at least four channels, one output channel for
 * each: four channels at a time, over the part of the window that lies in the picture. Sums hold 32 bits,
 * which the desktop has seen to.
 *
 * Stream, for four channels, of which the last overlap: bias, multiplier, right shift of each | a word of
 * four weights for each tap
 */
#include "midge/kernel.h"
#include "../ref/span.h"
#include "wide_requantize.h"

/* The taps of one axis that lie in the picture */
static inline mdg_span depthwise_wide_span(int32_t first, int32_t taps, int32_t dilation, int32_t size) {
    mdg_span s;
    s.from = first < 0 ? (-first + dilation - 1) / dilation : 0;
    s.to = first + (taps - 1) * dilation < size ? taps : (size - first + dilation - 1) / dilation;
    return s;
}

/* Four channels of an output; x: of the first tap in the picture */
static inline void depthwise_wide_sums(const mdg_conv2d_wide_params *p, int32_t sum[4], const int16_t *x,
                                       const int32_t *w, const mdg_span *rows, const mdg_span *columns) {
    const int32_t step = p->dilation_w * p->in_c;
    int32_t c0 = sum[0], c1 = sum[1], c2 = sum[2], c3 = sum[3];
    for (int32_t ky = rows->from; ky < rows->to; ky++) {
        const int16_t *tap = x + (ky - rows->from) * p->dilation_h * p->in_w * p->in_c;
        const int32_t *weight = w + ky * p->kernel_w;
        for (int32_t kx = columns->from; kx < columns->to; kx++, tap += step) {
            const uint32_t x01 = mdg_load4((const int8_t *)tap), x23 = mdg_load4((const int8_t *)(tap + 2));
            const uint32_t even = mdg_sxtb16((uint32_t)weight[kx]),
                           odd = mdg_sxtb16_odd((uint32_t)weight[kx]);
            c0 = mdg_smlabb(x01, even, c0);
            c1 = mdg_smlabt(odd, x01, c1);
            c2 = mdg_smlabt(x23, even, c2);
            c3 = mdg_smlatt(x23, odd, c3);
        }
    }
    sum[0] = c0, sum[1] = c1, sum[2] = c2, sum[3] = c3;
}

/* All channels of the output whose first tap stands at row y0, column x0 of the picture */
static inline void depthwise_wide_output(const mdg_conv2d_wide_params *p, const int16_t *picture,
                                         const int32_t *w, int16_t *y, int32_t y0, int32_t x0) {
    const mdg_span rows = depthwise_wide_span(y0, p->kernel_h, p->dilation_h, p->in_h);
    const mdg_span columns = depthwise_wide_span(x0, p->kernel_w, p->dilation_w, p->in_w);
    const int32_t y1 = y0 + rows.from * p->dilation_h, x1 = x0 + columns.from * p->dilation_w;
    const int16_t *x = picture + (y1 * p->in_w + x1) * p->in_c;
    for (int32_t c = 0; c < p->in_c; c += 4, w += 12 + p->kernel_h * p->kernel_w) {
        const int32_t first = c + 4 <= p->in_c ? c : p->in_c - 4;
        int32_t sum[4] = {w[0], w[3], w[6], w[9]};
        depthwise_wide_sums(p, sum, x + first, w + 12, &rows, &columns);
        for (int32_t i = 0; i < 4; i++) y[first + i] = mdg_wide_requantize(sum[i], w + 3 * i + 1, 1);
    }
}

MDG_KERNEL void mdg_depthwise_smlad_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_wide_params *p = (const mdg_conv2d_wide_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int16_t *y = (int16_t *)out[0];            /* [batches][out_h][out_w][in_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c)
        for (int32_t oy = 0; oy < p->out_h; oy++)
            for (int32_t ox = 0; ox < p->out_w; ox++, y += p->in_c)
                depthwise_wide_output(p, x, w, y, oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
}
