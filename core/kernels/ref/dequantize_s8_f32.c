/* SPDX-License-Identifier: MIT
 *
 * DEQUANTIZE int8 to float32: y = scale * (x - zero). The difference has few bits, so that the float product
 * is rounded once and equals the product in double that TFLM rounds to float.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_dequantize_s8_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_affine_params *p = (const mdg_affine_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [count] */
    float *y = (float *)out[0];              /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = p->scale * (float)(x[i] - p->zero);
}
