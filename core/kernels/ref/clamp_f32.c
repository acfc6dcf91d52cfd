/* SPDX-License-Identifier: MIT
 *
 * RELU6 on float32: y = clamp(x); NaN stays NaN.
 */
#include "midge/kernel.h"
#include "float_util.h"

MDG_KERNEL void mdg_clamp_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_clamp_f32_params *p = (const mdg_clamp_f32_params *)params;
    const float *x = (const float *)in[0]; /* [count] */
    float *y = (float *)out[0];            /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = mdg_limit_f32(x[i], p->min, p->max);
}
