/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on float32: the mean of the window's elements inside the input.
 */
#include "midge/kernel.h"
#include "float_util.h"
#include "pool_util.h"

static inline float average_pool2d_f32_window(const mdg_pool2d_f32_params *p, const float *x, mdg_span ys,
                                              mdg_span xs) {
    const int32_t count = (ys.to - ys.from) * (xs.to - xs.from);
    float sum = 0.0f;
    for (int32_t iy = ys.from; iy < ys.to; iy++)
        for (int32_t ix = xs.from; ix < xs.to; ix++) sum += x[(iy * p->in_w + ix) * p->channels];
    return sum / (float)count;
}

MDG_KERNEL void mdg_average_pool2d_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_f32_params *p = (const mdg_pool2d_f32_params *)params;
    const float *x = (const float *)in[0]; /* [batches][in_h][in_w][channels] */
    float *y = (float *)out[0];            /* [batches][out_h][out_w][channels] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->channels) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            const mdg_span ys = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                const mdg_span xs = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);
                for (int32_t c = 0; c < p->channels; c++)
                    *y++ = mdg_limit_f32(average_pool2d_f32_window(p, x + c, ys, xs), p->act_min, p->act_max);
            }
        }
    }
}
