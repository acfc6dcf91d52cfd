/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on int8: the mean of the window's elements inside the input, halves rounded away from zero.
 * Input and output have one scale and zero point.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "pool_util.h"

static inline int32_t average_pool2d_s8_window(const mdg_pool2d_params *p, const int8_t *x, mdg_span ys,
                                               mdg_span xs) {
    const int32_t count = (ys.to - ys.from) * (xs.to - xs.from);
    int32_t sum = 0;
    for (int32_t iy = ys.from; iy < ys.to; iy++)
        for (int32_t ix = xs.from; ix < xs.to; ix++) sum += x[(iy * p->in_w + ix) * p->channels];
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

MDG_KERNEL void mdg_average_pool2d_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][channels] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->channels) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            const mdg_span ys = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                const mdg_span xs = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);
                for (int32_t c = 0; c < p->channels; c++)
                    *y++ =
                        (int8_t)mdg_clamp(average_pool2d_s8_window(p, x + c, ys, xs), p->act_min, p->act_max);
            }
        }
    }
}
