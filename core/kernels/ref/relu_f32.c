/* SPDX-License-Identifier: MIT
 *
 * RELU on float32: y = x < 0 ? 0 : x; infinity and NaN pass.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_relu_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const float *x = (const float *)in[0]; /* [count] */
    float *y = (float *)out[0];            /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = x[i] < 0.0f ? 0.0f : x[i];
}
