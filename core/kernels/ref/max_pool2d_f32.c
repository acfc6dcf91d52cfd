/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on float32: the largest of the window's elements inside the input. NaN is passed over.
 */
#include "midge/kernel.h"
#include <float.h>
#include "float_util.h"
#include "pool_util.h"

static inline float max_pool2d_f32_window(const mdg_pool2d_f32_params *p, const float *x, mdg_span ys,
                                          mdg_span xs) {
    float max = -FLT_MAX;
    for (int32_t iy = ys.from; iy < ys.to; iy++) {
        for (int32_t ix = xs.from; ix < xs.to; ix++) {
            const float v = x[(iy * p->in_w + ix) * p->channels];
            if (max < v) max = v;
        }
    }
    return max;
}

MDG_KERNEL void mdg_max_pool2d_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_f32_params *p = (const mdg_pool2d_f32_params *)params;
    const float *x = (const float *)in[0]; /* [batches][in_h][in_w][channels] */
    float *y = (float *)out[0];            /* [batches][out_h][out_w][channels] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->channels) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            const mdg_span ys = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                const mdg_span xs = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);
                for (int32_t c = 0; c < p->channels; c++)
                    *y++ = mdg_limit_f32(max_pool2d_f32_window(p, x + c, ys, xs), p->act_min, p->act_max);
            }
        }
    }
}
