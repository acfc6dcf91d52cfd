/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX on int8, in fixed point: y = exp(x - max) / sum of exp(x - max) over each row, in 1/256, zero point
 * -128.
 *
 * Differences to the row's maximum become Q5.26, their exponentials Q0.31, the sum Q12.19 (depth is
 * at most 8191). Differences below diff_min would count as nothing and are left out, since they do not fit
 * Q5.26.
 */
#include "midge/kernel.h"
#include "../../fixed_exp.h"

static inline int32_t softmax_s8_exp(const mdg_softmax_params *p, int32_t diff) {
    const int32_t scaled = (int32_t)((uint32_t)diff << p->shift);
    return mdg_exp_q5_26(mdg_rounding_doubling_high_mul(scaled, p->mult));
}

static inline void softmax_s8_row(const mdg_softmax_params *p, const int8_t *x, int8_t *y) {
    int32_t max = INT8_MIN;
    for (int32_t c = 0; c < p->depth; c++) max = x[c] > max ? x[c] : max;

    uint32_t sum = 0;
    for (int32_t c = 0; c < p->depth; c++)
        if (x[c] - max >= p->diff_min)
            sum += (uint32_t)mdg_rounding_shift_right(softmax_s8_exp(p, x[c] - max), 12);

    const int headroom = mdg_leading_zeros(sum);
    const int32_t fraction = (int32_t)((sum << headroom) - 0x80000000u);
    const int32_t reciprocal = mdg_reciprocal_of_one_plus_q31(fraction);
    const int exponent = 12 - headroom + 31 - 8;

    for (int32_t c = 0; c < p->depth; c++) {
        int32_t q = INT8_MIN;
        if (x[c] - max >= p->diff_min && exponent < 32) {
            const int32_t share = mdg_rounding_doubling_high_mul(reciprocal, softmax_s8_exp(p, x[c] - max));
            q += mdg_rounding_shift_right(share, exponent);
        }
        y[c] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
    }
}

MDG_KERNEL void mdg_softmax_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_params *p = (const mdg_softmax_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [rows][depth] */
    int8_t *y = (int8_t *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++) softmax_s8_row(p, x + r * p->depth, y + r * p->depth);
}
