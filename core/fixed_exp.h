/* SPDX-License-Identifier: MIT
 *
 * fixed_exp.h: exponential and reciprocal in fixed point, integers alone.
 *
 * Qm.n has m integer and n fractional bits beside the sign; Q0.31 holds [-1, 1). The formulas are those of
 * gemmlowp's fixedpoint.h (exp_on_negative_values, one_over_one_plus_x_for_x_in_0_1), which TFLM calls.
 */
#ifndef MDG_FIXED_EXP_H
#define MDG_FIXED_EXP_H

#include "fixed.h"

/* exp(a) for a in [-1/4, 0), Q0.31 to Q0.31: the Taylor polynomial of degree 4 around -1/8 */
static inline int32_t mdg_exp_small_q31(int32_t a) {
    const int32_t exp_minus_eighth = 1895147668;
    const int32_t third = 715827883;
    const int32_t x = a + (INT32_C(1) << 28);
    const int32_t x2 = mdg_rounding_doubling_high_mul(x, x);
    const int32_t x3 = mdg_rounding_doubling_high_mul(x2, x);
    const int32_t x4 = mdg_rounding_doubling_high_mul(x2, x2);
    const int32_t x4_4 = mdg_rounding_shift_right(x4, 2);
    const int32_t tail = mdg_rounding_doubling_high_mul(x4_4 + x3, third) + x2;
    const int32_t polynomial = x + mdg_rounding_shift_right(tail, 1);
    return exp_minus_eighth + mdg_rounding_doubling_high_mul(exp_minus_eighth, polynomial);
}

/* exp(a) for a <= 0 with `fraction_bits` (26 or 27) fractional bits, to Q0.31. a is -(whole quarters) -
 * (rest): the rest goes through the polynomial, each bit of the whole quarters multiplies by a constant
 * exp(-2^k). */
static inline int32_t mdg_exp_negative(int32_t a, int fraction_bits) {
    static const int32_t factors[7] = {/* exp(-1/4), exp(-1/2), exp(-1), ... exp(-16) */
                                       1672461947, 1302514674, 790015084, 290630308, 39332535, 720401, 242};
    const int quarter_bits = fraction_bits - 2;
    const int32_t quarter = (int32_t)1 << quarter_bits;
    if (a == 0) return INT32_MAX;
    const int32_t rest = (a & (quarter - 1)) - quarter;
    const int32_t quarters = rest - a;
    int32_t y = mdg_exp_small_q31((int32_t)((uint32_t)rest << (31 - fraction_bits)));
    for (int k = 0; k < 31 - quarter_bits; k++)
        if (quarters & ((int32_t)1 << (quarter_bits + k))) y = mdg_rounding_doubling_high_mul(y, factors[k]);
    return y;
}

/* exp(a) for a <= 0, Q5.26 to Q0.31 */
static inline int32_t mdg_exp_q5_26(int32_t a) {
    return mdg_exp_negative(a, 26);
}

/* 2 / (1 + a) for a in [0, 1), Q0.31 to Q2.29: three Newton-Raphson steps for half the denominator */
static inline int32_t mdg_twice_reciprocal_of_one_plus_q2_29(int32_t a) {
    const int32_t one_q29 = INT32_C(1) << 29;
    const int32_t half_denominator = (int32_t)(((int64_t)a + INT32_MAX + 1) / 2);
    int32_t x =
        1515870810 /* 48/17 */ + mdg_rounding_doubling_high_mul(half_denominator, -1010580540 /* -32/17 */);
    for (int i = 0; i < 3; i++) {
        const int32_t error = one_q29 - mdg_rounding_doubling_high_mul(half_denominator, x);
        x += mdg_saturating_shift_left(mdg_rounding_doubling_high_mul(x, error), 2);
    }
    return x;
}

/* 1 / (1 + a) for a in [0, 1), Q0.31 to Q0.31 */
static inline int32_t mdg_reciprocal_of_one_plus_q31(int32_t a) {
    return mdg_saturating_shift_left(mdg_twice_reciprocal_of_one_plus_q2_29(a), 1);
}

/* (1 - a) / (1 + a) for a in [0, 1), Q0.31 to Q0.31 */
static inline int32_t mdg_one_minus_over_one_plus_q31(int32_t a) {
    return mdg_saturating_shift_left(mdg_twice_reciprocal_of_one_plus_q2_29(a) - (INT32_C(1) << 29), 2);
}

/* 1 / (1 + exp(-a)), Q4.27 to Q0.31 */
static inline int32_t mdg_logistic_q4_27(int32_t a) {
    if (a == 0) return INT32_C(1) << 30;
    const int32_t y = mdg_reciprocal_of_one_plus_q31(mdg_exp_negative(a > 0 ? -a : a, 27));
    return a > 0 ? y : INT32_MAX - y;
}

/* tanh(a), Q4.27 to Q0.31: (1 - exp(-2 |a|)) / (1 + exp(-2 |a|)) with the sign of a */
static inline int32_t mdg_tanh_q4_27(int32_t a) {
    if (a == 0) return 0;
    const int32_t y = mdg_one_minus_over_one_plus_q31(mdg_exp_negative(a > 0 ? -a : a, 26));
    return a > 0 ? y : -y;
}

/* Leading zero bits of x > 0 */
static inline int mdg_leading_zeros(uint32_t x) {
    int n = 0;
    for (; !(x & 0x80000000u); x <<= 1) n++;
    return n;
}

#endif
