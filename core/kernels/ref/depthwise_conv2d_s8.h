/* SPDX-License-Identifier: MIT
 *
 * depthwise_conv2d_s8.h: DEPTHWISE_CONV_2D on int8, per-channel, with dilation, and weights of 8 bits or 4
 * (weights.h). Output channel ic * depth_multiplier + m sees input channel ic alone.
 *
 * y[b][oy][ox][oc] = clamp(requantize(bias[oc] + sum (x - x_zero) * w, mult[oc], shift[oc]) + y_zero)
 */
#ifndef MDG_REF_DEPTHWISE_CONV2D_S8_H
#define MDG_REF_DEPTHWISE_CONV2D_S8_H

#include "midge/kernel.h"
#include "weights.h"

/* x points at its channel, w begins with its weights; taps outside the input count as nothing. */
MDG_INLINE int32_t mdg_depthwise_conv2d_s8_sum(const mdg_conv2d_params *p, const int8_t *x, mdg_weights w,
                                               int32_t y0, int32_t x0) {
    int32_t sum = 0;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        const int32_t iy = y0 + ky * p->dilation_h;
        if (iy < 0 || iy >= p->in_h) continue;
        for (int32_t kx = 0; kx < p->kernel_w; kx++) {
            const int32_t ix = x0 + kx * p->dilation_w;
            if (ix < 0 || ix >= p->in_w) continue;
            sum += (x[(iy * p->in_w + ix) * p->in_c] - p->in_zero) *
                   mdg_weight(w, (ky * p->kernel_w + kx) * p->out_c);
        }
    }
    return sum;
}

MDG_INLINE void mdg_depthwise_conv2d_s8_of(const mdg_conv2d_params *p, const void *const *in,
                                           void *const *out, int bits) {
    const int8_t *x = (const int8_t *)in[0];           /* [batches][in_h][in_w][in_c] */
    const mdg_weights w = mdg_weights_of(in[1], bits); /* [kernel_h][kernel_w][out_c] */
    const int32_t *bias = (const int32_t *)in[2];      /* [out_c] or NULL */
    const int32_t *mult = (const int32_t *)in[3];      /* [out_c] */
    const int32_t *shift = (const int32_t *)in[4];     /* [out_c] */
    int8_t *y = (int8_t *)out[0];                      /* [batches][out_h][out_w][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            for (int32_t ox = 0; ox < p->out_w; ox++) {
                for (int32_t oc = 0; oc < p->out_c; oc++) {
                    int32_t sum =
                        mdg_depthwise_conv2d_s8_sum(p, x + oc / p->depth_multiplier, mdg_weights_from(w, oc),
                                                    oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
                    if (bias) sum = mdg_wrapping_add(sum, bias[oc]);
                    const int32_t q = mdg_requantize_to(sum, mult[oc], shift[oc], p->out_zero);
                    *y++ = (int8_t)mdg_clamp(q, p->act_min, p->act_max);
                }
            }
        }
    }
}

#endif
