/* SPDX-License-Identifier: MIT
 *
 * RELU6 on int8: y = clamp(x), input and output having one scale and zero point.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_clamp_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_clamp_params *p = (const mdg_clamp_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [count] */
    int8_t *y = (int8_t *)out[0];            /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = (int8_t)mdg_clamp(x[i], p->min, p->max);
}
