/* SPDX-License-Identifier: MIT
 *
 * From one int8 scale to another (QUANTIZE, RELU): y = clamp(requantize(x - x_zero, mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_requantize_s8_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_requantize_params *p = (const mdg_requantize_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [count] */
    int8_t *y = (int8_t *)out[0];            /* [count] */

    for (int32_t i = 0; i < p->count; i++) {
        const int32_t q = mdg_requantize_to(x[i] - p->in_zero, p->mult, p->shift, p->out_zero);
        y[i] = (int8_t)mdg_clamp(q, p->act_min, p->act_max);
    }
}
