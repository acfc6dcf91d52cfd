/* SPDX-License-Identifier: MIT
 *
 * fixed_sqrt.h: inverse square root in fixed point, integers alone.
 *
 * The steps are those of TFLM's GetInvSqrtQuantizedMultiplierExp, so that the result is the same bit for bit.
 */
#ifndef MDG_FIXED_SQRT_H
#define MDG_FIXED_SQRT_H

#include "fixed_exp.h"

/* 1 / sqrt(a) for a in [1/2, 2) of Q3.28, result in Q3.28: five Newton-Raphson steps x (3 - a x^2) / 2 from 1
 */
static inline int32_t mdg_inverse_sqrt_q3_28(int32_t a) {
    const int32_t three_halves = (INT32_C(1) << 28) + (INT32_C(1) << 27);
    const int32_t half = mdg_rounding_shift_right(a, 1);
    int32_t x = INT32_C(1) << 28;
    for (int i = 0; i < 5; i++) {
        const int32_t x2 = mdg_rounding_doubling_high_mul(x, x);                                /* Q6.25 */
        const int32_t x3 = mdg_saturating_shift_left(mdg_rounding_doubling_high_mul(x2, x), 6); /* Q3.28 */
        const int32_t next =
            mdg_rounding_doubling_high_mul(three_halves, x) - mdg_rounding_doubling_high_mul(half, x3);
        x = mdg_saturating_shift_left(next, 3);
    }
    return x;
}

/* 1 / sqrt(x) as mult * 2^(shift - 31), ready for mdg_requantize; x >= 0, and 0 counts as 1 */
static inline void mdg_inverse_sqrt(int32_t x, int32_t *mult, int32_t *shift) {
    const int32_t half_sqrt_2 = 1518500250; /* Q0.31 */
    int right = 11;
    *mult = INT32_MAX;
    *shift = 0;
    if (x <= 1) return;
    for (; x >= INT32_C(1) << 29; x /= 4) right++;
    const int pairs = (mdg_leading_zeros((uint32_t)x) - 1) / 2 - 1; /* brings x to [2^27, 2^29) */
    right -= pairs;
    *mult = mdg_rounding_doubling_high_mul(mdg_inverse_sqrt_q3_28((x << (2 * pairs)) >> 1), half_sqrt_2);
    if (right < 0) {
        *mult = (int32_t)((uint32_t)*mult << -right);
        right = 0;
    }
    *shift = -right;
}

#endif
