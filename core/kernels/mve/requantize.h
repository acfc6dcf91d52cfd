/* SPDX-License-Identifier: MIT
 *
 * requantize.h: requantisation as Helium does it, in plain C for the desktop.
 *
 * The first rounding is VQRDMULH, which rounds halves up, as TFLM's does. The second is VRSHL, which rounds
 * halves up as well, where TFLM rounds them away from zero: so the sign of a number is added first. Where a
 * clamp at the output's zero point, -128, removes all that is negative ("one-sided"), that is not needed.
 * It takes a shift of at least 1 to be exact.
 */
#ifndef MDG_MVE_REQUANTIZE_H
#define MDG_MVE_REQUANTIZE_H

#include "../../fixed.h"
#include "../../simd32.h"

/* VRSHL: x / 2^n, halves up; n in [0, 31] */
static inline int32_t mdg_mve_rounding_shift(int32_t x, int32_t n) {
    return (int32_t)(((int64_t)x + ((int64_t)1 << n >> 1)) >> n);
}

static inline int8_t mdg_mve_requantize(int32_t sum, int32_t mult, int32_t right, int32_t zero,
                                        int32_t two_sided) {
    const int32_t product = mdg_rounding_doubling_high_mul(sum, mult);
    const int32_t whole = mdg_mve_rounding_shift(two_sided ? product + (product >> 31) : product, right);
    return (int8_t)mdg_ssat8(mdg_saturate_s16(whole) + zero);
}

#endif
