/* SPDX-License-Identifier: MIT
 *
 * QUANTIZE float32 to int8: y = clamp(round(x / scale) + zero), halves away from zero.
 */
#include "midge/kernel.h"
#include "float_util.h"

MDG_KERNEL void mdg_quantize_f32_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_affine_params *p = (const mdg_affine_params *)params;
    const float *x = (const float *)in[0]; /* [count] */
    int8_t *y = (int8_t *)out[0];          /* [count] */

    for (int32_t i = 0; i < p->count; i++)
        y[i] = (int8_t)mdg_quantize_f32(x[i] / p->scale, p->zero, INT8_MIN, INT8_MAX);
}
