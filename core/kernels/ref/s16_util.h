/* SPDX-License-Identifier: MIT
 *
 * s16_util.h: what ends a sum of products of int16 activations and int8 weights.
 *
 * With a 32-bit bias TFLM sums in 32 bits, wrapping around, and rescales with two roundings; with a 64-bit
 * bias it sums in 64 bits and rescales with one. A 64-bit sum holds the 32-bit one in its lower half, so one
 * loop serves both.
 */
#ifndef MDG_REF_S16_UTIL_H
#define MDG_REF_S16_UTIL_H

#include "../../fixed.h"

/* bias: [channels] of int32_t or int64_t, as bias_bits says, or NULL */
static inline int32_t mdg_rescale_s16(int64_t sum, const void *bias, int bias_bits, int32_t channel,
                                      int32_t mult, int32_t shift) {
    if (bias_bits == 64) {
        if (bias) sum = mdg_wrapping_add_s64(sum, ((const int64_t *)bias)[channel]);
        return mdg_requantize_s64(sum, mult, shift);
    }
    int32_t narrow = (int32_t)(uint32_t)(uint64_t)sum;
    if (bias) narrow = mdg_wrapping_add(narrow, ((const int32_t *)bias)[channel]);
    return mdg_requantize(narrow, mult, shift);
}

#endif
