/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int16 with int8 weights and int64 bias, per-channel, with dilation; zero points are 0.
 * Output channel ic * depth_multiplier + m sees input channel ic alone.
 *
 * y[b][oy][ox][oc] = clamp(requantize(bias[oc] + sum x * w, mult[oc], shift[oc]))
 */
#include "midge/kernel.h"
#include "s16_util.h"

/* x and w point at their channel; taps outside the input count as nothing. */
static inline int64_t depthwise_conv2d_s16_sum(const mdg_conv2d_params *p, const int16_t *x, const int8_t *w,
                                               int32_t y0, int32_t x0) {
    int64_t sum = 0;
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

MDG_KERNEL void mdg_depthwise_conv2d_s16_b64(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_params *p = (const mdg_conv2d_params *)params;
    const int16_t *x = (const int16_t *)in[0];     /* [batches][in_h][in_w][in_c] */
    const int8_t *w = (const int8_t *)in[1];       /* [kernel_h][kernel_w][out_c] */
    const int64_t *bias = (const int64_t *)in[2];  /* [out_c] or NULL */
    const int32_t *mult = (const int32_t *)in[3];  /* [out_c] */
    const int32_t *shift = (const int32_t *)in[4]; /* [out_c] */
    int16_t *y = (int16_t *)out[0];                /* [batches][out_h][out_w][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                for (int32_t oc = 0; oc < p->out_c; oc++) {
                    const int64_t sum =
                        depthwise_conv2d_s16_sum(p, x + oc / p->depth_multiplier, w + oc,
                                                 oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
                    const int32_t q = mdg_rescale_s16(sum, bias, 64, oc, mult[oc], shift[oc]);
                    *y++ = (int16_t)mdg_clamp(q, p->act_min, p->act_max);
                }
            }
        }
    }
}
