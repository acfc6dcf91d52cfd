/* SPDX-License-Identifier: MIT
 *
 * ADD_N on float32: the sum of all inputs, from the first on
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_add_n_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_add_n_f32_params *p = (const mdg_add_n_f32_params *)params;
    float *y = (float *)out[0]; /* [count] */

    for (int32_t i = 0; i < p->count; i++) {
        float sum = 0.0f;
        for (int32_t k = 0; k < p->inputs; k++) sum += ((const float *)in[k])[i]; /* [inputs][count] */
        y[i] = sum;
    }
}
