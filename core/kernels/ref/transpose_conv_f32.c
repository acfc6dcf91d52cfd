/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE_CONV on float32: y = clamp(sum x * w + bias[oc])
 */
#include "transpose_conv.h"
#include "float_util.h"

static inline float transpose_conv_f32_product(const mdg_conv2d_f32_params *p, float x, float w) {
    (void)p;
    return x * w;
}

static inline float transpose_conv_f32_finish(const mdg_conv2d_f32_params *p, const void *const *in,
                                              float sum, int32_t oc) {
    const float *bias = (const float *)in[2]; /* [out_c] or NULL */
    return mdg_limit_f32(sum + (bias ? bias[oc] : 0.0f), p->act_min, p->act_max);
}

MDG_TRANSPOSE_CONV_KERNEL(transpose_conv_f32, conv2d_f32, float, float, float, transpose_conv_f32_product,
                          transpose_conv_f32_finish)
