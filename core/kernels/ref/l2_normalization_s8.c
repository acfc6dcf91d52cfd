/* SPDX-License-Identifier: MIT
 *
 * L2_NORMALIZATION on int8: y = (x - x_zero) / |x - x_zero| over each row, in 1/128, zero point 0.
 */
#include "midge/kernel.h"
#include "../../fixed_sqrt.h"

MDG_KERNEL void mdg_l2_normalization_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_l2_normalization_params *p = (const mdg_l2_normalization_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [rows][depth] */
    int8_t *y = (int8_t *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        int32_t sum = 0, mult, shift;
        for (int32_t c = 0; c < p->depth; c++) sum += (x[c] - p->in_zero) * (x[c] - p->in_zero);
        mdg_inverse_sqrt(sum, &mult, &shift);
        for (int32_t c = 0; c < p->depth; c++) {
            const int32_t q = mdg_requantize(x[c] - p->in_zero, mult, shift + 7);
            y[c] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
        }
    }
}
