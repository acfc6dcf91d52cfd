/* SPDX-License-Identifier: MIT
 *
 * ADD_N on int8: the sum of all inputs, which have one scale and zero point, as TFLM forms it:
 * y = clamp(requantize(sum of (x - zero) - zero, mult, shift) + y_zero), the sum with 19 fractional bits.
 * Taking one more zero point away is TFLM's doing.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_add_n_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_add_n_params *p = (const mdg_add_n_params *)params;
    int8_t *y = (int8_t *)out[0]; /* [count] */

    for (int32_t i = 0; i < p->count; i++) {
        int32_t sum = -p->in_zero;
        for (int32_t k = 0; k < p->inputs; k++) sum += ((const int8_t *)in[k])[i] - p->in_zero;
        const int32_t q =
            mdg_requantize_to(mdg_wrapping_mul(sum, INT32_C(1) << 19), p->mult, p->shift, p->out_zero);
        y[i] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
    }
}
