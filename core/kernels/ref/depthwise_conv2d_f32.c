/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on float32, with dilation. Output channel ic * depth_multiplier + m sees input channel ic
 * alone.
 */
#include "midge/kernel.h"
#include "float_util.h"

static inline float depthwise_conv2d_f32_sum(const mdg_conv2d_f32_params *p, const float *x, const float *w,
                                             int32_t y0, int32_t x0) {
    float sum = 0.0f;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        const int32_t iy = y0 + ky * p->dilation_h;
        if (iy < 0 || iy >= p->in_h) continue;
        for (int32_t kx = 0; kx < p->kernel_w; kx++) {
            const int32_t ix = x0 + kx * p->dilation_w;
            if (ix < 0 || ix >= p->in_w) continue;
            sum += x[(iy * p->in_w + ix) * p->in_c] * w[(ky * p->kernel_w + kx) * p->out_c];
        }
    }
    return sum;
}

MDG_KERNEL void mdg_depthwise_conv2d_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_f32_params *p = (const mdg_conv2d_f32_params *)params;
    const float *x = (const float *)in[0];    /* [batches][in_h][in_w][in_c] */
    const float *w = (const float *)in[1];    /* [kernel_h][kernel_w][out_c] */
    const float *bias = (const float *)in[2]; /* [out_c] or NULL */
    float *y = (float *)out[0];               /* [batches][out_h][out_w][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                for (int32_t oc = 0; oc < p->out_c; oc++) {
                    const float sum =
                        depthwise_conv2d_f32_sum(p, x + oc / p->depth_multiplier, w + oc,
                                                 oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
                    *y++ = mdg_limit_f32(sum + (bias ? bias[oc] : 0.0f), p->act_min, p->act_max);
                }
            }
        }
    }
}
