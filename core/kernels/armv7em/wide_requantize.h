/* SPDX-License-Identifier: MIT
 *
 * wide_requantize.h: what ends a sum of products of int16 activations and int8 weights that holds 32 bits.
 */
#ifndef MDG_ARMV7EM_WIDE_REQUANTIZE_H
#define MDG_ARMV7EM_WIDE_REQUANTIZE_H

#include "../../simd32.h"

/* To int16, with one rounding, or as mdg_requantize has it with two; q: multiplier, right shift */
static inline int16_t mdg_wide_requantize(int32_t sum, const int32_t *q, int32_t roundings) {
    const int32_t half = 1 << (q[1] - 1), twice = mdg_shift_left(sum, 1);
    const int32_t scaled = roundings == 1 ? mdg_smmla(twice, q[0], half)
                                          : mdg_smmlar(twice, q[0], mdg_wrapping_add(half, sum >> 31));
    return mdg_saturate_s16(scaled >> q[1]);
}

#endif
