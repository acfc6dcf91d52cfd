/* SPDX-License-Identifier: MIT
 *
 * high_mul.h: mdg_rounding_doubling_high_mul without products of 64 bits, for processors that have none.
 */
#ifndef MDG_SCALAR_HIGH_MUL_H
#define MDG_SCALAR_HIGH_MUL_H

#include "../../fixed.h"

/* round(a * b / 2^31), b >= 0, from the four products of halves. What is below 2^16 cannot change it. */
static inline int32_t mdg_high_mul_by_halves(int32_t a, int32_t b) {
    const int32_t a_high = a >> 16, b_high = b >> 16;
    const uint32_t a_low = (uint32_t)a & 0xFFFFu, b_low = (uint32_t)b & 0xFFFFu;
    const int32_t cross = a_high * (int32_t)b_low;
    const uint32_t rest = a_low * (uint32_t)b_high + (a_low * b_low >> 16) + ((uint32_t)cross & 0x7FFFu);
    return 2 * a_high * b_high + (cross >> 15) + (int32_t)((rest + (1u << 14)) >> 15);
}

static inline int32_t mdg_scalar_high_mul(int32_t a, int32_t b) {
#if defined(__ARM_ARCH_6M__)
    return mdg_high_mul_by_halves(a, b);
#else
    return mdg_rounding_doubling_high_mul(a, b);
#endif
}

#endif
