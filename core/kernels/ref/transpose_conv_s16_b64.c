/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV on int16 with int8 weights and int64 bias, per-channel; zero points are 0.
 *
 * y = clamp(requantize(bias[oc] + sum x * w, mult[oc], shift[oc]))
 */
#include "transpose_conv.h"
#include "s16_util.h"

static inline int32_t transpose_conv_s16_product(const mdg_conv2d_params *p, int32_t x, int32_t w) {
    (void)p;
    return x * w;
}

static inline int16_t transpose_conv_s16_finish(const mdg_conv2d_params *p, const void *const *in,
                                                int64_t sum, int32_t oc) {
    const int32_t *mult = (const int32_t *)in[3];  /* [out_c] */
    const int32_t *shift = (const int32_t *)in[4]; /* [out_c] */
    const int32_t q = mdg_rescale_s16(sum, in[2], 64, oc, mult[oc], shift[oc]);
    return (int16_t)mdg_clamp(q, p->act_min, p->act_max);
}

MDG_TRANSPOSE_CONV_KERNEL(transpose_conv_s16_b64, conv2d, int16_t, int8_t, int64_t,
                          transpose_conv_s16_product, transpose_conv_s16_finish)
