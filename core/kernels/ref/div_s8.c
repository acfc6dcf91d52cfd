/* SPDX-License-Identifier: MIT
 *
 * DIV on int8, with broadcasting: y = clamp(requantize((a - a_zero) / (b - b_zero), mult, shift) + y_zero)
 *
 * The quotient is a product with a reciprocal of 31 bits. The numerator is shifted left as far as it goes,
 * and that is undone with the final shift. Division by zero gives the end of the range on the numerator's
 * side.
 */
#include "midge/kernel.h"
#include "../../fixed_exp.h"
#include "broadcast.h"

/* round(x * 2^shift); beyond 32 bits the value saturates or vanishes */
static inline int32_t div_s8_shift(int32_t x, int32_t shift) {
    if (shift > 0) return mdg_saturating_shift_left(x, shift < 31 ? (int)shift : 31);
    return shift < -31 ? 0 : mdg_rounding_shift_right(x, (int)-shift);
}

static inline int32_t div_s8(const mdg_mul_params *p, int32_t a, int32_t b) {
    const int32_t sign = b < p->b_zero ? -1 : 1;
    const int32_t numerator = (a - p->a_zero) * sign, divisor = (b - p->b_zero) * sign;
    if (numerator == 0) return mdg_clamp(p->out_zero, p->act_min, p->act_max);
    if (divisor == 0) return numerator < 0 ? p->act_min : p->act_max;

    const int zeros = mdg_leading_zeros((uint32_t)divisor);
    const int32_t fraction = (int32_t)(((uint32_t)divisor << zeros) - 0x80000000u);
    const int32_t reciprocal = mdg_reciprocal_of_one_plus_q31(fraction);
    const uint32_t magnitude = (uint32_t)(numerator < 0 ? ~numerator : numerator);
    const int headroom = mdg_leading_zeros(2 * magnitude + 1);
    const int32_t scaled = (int32_t)((uint32_t)numerator << headroom);
    const int32_t quotient = mdg_rounding_doubling_high_mul(scaled, reciprocal);
    const int32_t q =
        div_s8_shift(mdg_rounding_doubling_high_mul(quotient, p->mult), p->shift - (31 - zeros) - headroom);
    return mdg_clamp(mdg_wrapping_add(q, p->out_zero), p->act_min, p->act_max);
}

MDG_BROADCAST_KERNEL(div_s8, mul, int8_t, int8_t, div_s8)
