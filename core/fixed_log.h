/* SPDX-License-Identifier: MIT
 *
 * fixed_log.h: natural logarithm in fixed point, integers alone.
 *
 * The steps are those of TFLM's log_x_for_x_greater_than_or_equal_to_1, so that the result is the same bit
 * for bit.
 */
#ifndef MDG_FIXED_LOG_H
#define MDG_FIXED_LOG_H

#include "fixed_exp.h"

/* ln(r * 2^(1/4)) for r in [1/2, 1), Q0.31 to Q6.25, by a rational function around r = 2^(-1/4) */
static inline int32_t mdg_log_mantissa_q6_25(int32_t r) {
    const int32_t center = 1805811301; /* 2^(-1/4) */
    const int32_t alpha_n = 117049297, alpha_d = 127690142, alpha_i = 1057819769, alpha_f = 638450708;
    const int32_t p = (int32_t)(((int64_t)r + center + 1) / 2);
    const int32_t q = 2 * (r - center);
    const int32_t q2 = mdg_rounding_doubling_high_mul(q, q);
    const int32_t q3 = mdg_rounding_doubling_high_mul(q, q2);
    const int32_t numerator =
        mdg_rounding_doubling_high_mul(q, r) + mdg_rounding_doubling_high_mul(q3, alpha_n);
    const int32_t inner = alpha_i + q + mdg_rounding_doubling_high_mul(alpha_d, q2);
    const int32_t denominator =
        mdg_rounding_doubling_high_mul(p, inner) + mdg_rounding_doubling_high_mul(alpha_f, q);
    return mdg_rounding_doubling_high_mul(mdg_rounding_shift_right(numerator, 6),
                                          mdg_reciprocal_of_one_plus_q31(denominator));
}

/* ln(x) for x >= 1, Q12.19 to Q5.26. x is written as r * 2^(n + 1/4) in two ways, with r the mantissa of x
 * and of x / sqrt(2), and the one with the smaller r is taken: it is the nearer to 2^(-1/4). */
static inline int32_t mdg_log_q5_26(int32_t x) {
    const int32_t integer_bits = 12, ln_2 = 1488522236, sqrt_half = 1518500250, quarter = INT32_C(1) << 23;
    const int zeros = mdg_leading_zeros((uint32_t)x);
    const int32_t mantissa = mdg_saturating_shift_left(x, zeros - 1);
    const int32_t r_a = mdg_saturating_shift_left(mdg_rounding_doubling_high_mul(mantissa, sqrt_half), 1);
    const int32_t power_a = (integer_bits - zeros) * (INT32_C(1) << 25) + quarter;

    const int headroom = mdg_leading_zeros((uint32_t)mdg_rounding_doubling_high_mul(x, sqrt_half)) - 1;
    const int32_t r_b = mdg_saturating_shift_left(x, headroom);
    const int32_t power_b = (integer_bits - headroom) * (INT32_C(1) << 25) - quarter;

    const int32_t r = r_a < r_b ? r_a : r_b;
    const int32_t power = power_a > power_b ? power_a : power_b;
    const int32_t sum = mdg_rounding_doubling_high_mul(power, ln_2) + mdg_log_mantissa_q6_25(r);
    return mdg_saturating_shift_left(sum, 1);
}

#endif
