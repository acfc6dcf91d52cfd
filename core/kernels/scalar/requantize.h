/* SPDX-License-Identifier: MIT
 *
 * requantize.h: sums to outputs without products of 64 bits.
 *
 * Factors, three words: bias (which contains the input's zero point) | multiplier, split: upper 20 bits M,
 * and the rest m in 12, signed: multiplier = 2048 M + m | offset + shift, the latter in the low byte.
 *
 * With X = 2048 h + l, X * multiplier >> 22 = h M + ((l M + (X m >> 11)) >> 11), in 32 bits for |X| < 2^21.
 * Both roundings of mdg_requantize are additions before one shift, if the result is not negative; if it is,
 * the second takes one unit less. "Two-sided" layers may have negative results; of others the clamp removes
 * them (ReLU with zero point -128).
 */
#ifndef MDG_SCALAR_REQUANTIZE_H
#define MDG_SCALAR_REQUANTIZE_H

#include "../../fixed.h"

enum { MDG_SCALAR_FACTORS = 3 }; /* words of a channel */

/* The factors' second and third word, taken apart */
typedef struct mdg_scalar_factors {
    int32_t lower, offset, shift, upper;
} mdg_scalar_factors;

static inline mdg_scalar_factors mdg_scalar_factors_of(const int32_t *words) {
    mdg_scalar_factors f;
    f.upper = (int32_t)((uint32_t)words[1] >> 12);
    f.lower = (int32_t)((uint32_t)words[1] << 20) >> 20;
    f.shift = words[2] & 255;
    f.offset = mdg_wrapping_sub(words[2], f.shift);
    return f;
}

/* Wraps around where factors are hostile. */
static inline int8_t mdg_scalar_requantize(int32_t sum, const mdg_scalar_factors *f, int32_t two_sided) {
    const int32_t rest = mdg_wrapping_mul(sum, f->lower) >> 11;
    const int32_t below = mdg_wrapping_add(mdg_wrapping_mul(sum & 2047, f->upper), rest) >> 11;
    const int32_t scaled = mdg_wrapping_add(mdg_wrapping_mul(sum >> 11, f->upper), below);
    const int32_t sign = two_sided && sum < 0 ? -512 : 0;
    const int32_t y = mdg_wrapping_add(mdg_wrapping_add(scaled, sign), f->offset) >> f->shift;
    return (int8_t)(mdg_clamp(y, 0, 255) - 128);
}

#endif
