/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV on int8, per-channel.
 *
 * y = clamp(requantize(bias[oc] + sum (x - x_zero) * w, mult[oc], shift[oc]) + y_zero)
 */
#include "transpose_conv.h"
#include "../../fixed.h"

static inline int32_t transpose_conv_s8_product(const mdg_conv2d_params *p, int32_t x, int32_t w) {
    return (x - p->in_zero) * w;
}

static inline int8_t transpose_conv_s8_finish(const mdg_conv2d_params *p, const void *const *in, int32_t sum,
                                              int32_t oc) {
    const int32_t *bias = (const int32_t *)in[2];  /* [out_c] or NULL */
    const int32_t *mult = (const int32_t *)in[3];  /* [out_c] */
    const int32_t *shift = (const int32_t *)in[4]; /* [out_c] */
    if (bias) sum = mdg_wrapping_add(sum, bias[oc]);
    const int32_t q = mdg_requantize_to(sum, mult[oc], shift[oc], p->out_zero);
    return (int8_t)mdg_clamp(q, p->act_min, p->act_max);
}

MDG_TRANSPOSE_CONV_KERNEL(transpose_conv_s8, conv2d, int8_t, int8_t, int32_t, transpose_conv_s8_product,
                          transpose_conv_s8_finish)
