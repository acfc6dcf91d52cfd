/* SPDX-License-Identifier: MIT
 *
 * requantize.h: sums to outputs without products of 64 bits.
 *
 * Factors, two words: multiplier, split: upper 20 bits M, and the rest m in 12, signed: multiplier = 2048 M +
 * m | offset + shift, the latter in the low byte.
 *
 * With X = 2048 h + l, X * multiplier >> 22 = h M + ((l M + (X m >> 11)) >> 11), in 32 bits for |X| < 2^21.
 * Both roundings of mdg_requantize are additions before one shift, if the result is not negative; if it is,
 * the second takes one unit less.
 *
 * Most layers need not know: the clamp removes negative results (ReLU with zero point -128). For the others,
 * the "general" ones, sums are also limited to 2^20 at first, where that does not change the result.
 */
#ifndef MDG_SCALAR_REQUANTIZE_H
#define MDG_SCALAR_REQUANTIZE_H

#include "../../fixed.h"

/* Factors, taken apart */
typedef struct mdg_scalar_factors {
    int32_t lower, offset, shift, upper;
} mdg_scalar_factors;

static inline mdg_scalar_factors mdg_scalar_factors_of(const int32_t *words) {
    mdg_scalar_factors f;
    f.upper = (int32_t)((uint32_t)words[0] >> 12);
    f.lower = (int32_t)((uint32_t)words[0] << 20) >> 20;
    f.shift = words[1] & 255;
    f.offset = mdg_wrapping_sub(words[1], f.shift);
    return f;
}

/* X * multiplier >> 22, |X| < 2^21; wraps around where factors are hostile */
static inline int32_t mdg_scalar_scale(int32_t x, const mdg_scalar_factors *f) {
#if defined(__ARM_ARCH_6M__)
    const int32_t rest = mdg_wrapping_mul(x, f->lower) >> 11;
    const int32_t below = mdg_wrapping_add(mdg_wrapping_mul(x & 2047, f->upper), rest) >> 11;
    return mdg_wrapping_add(mdg_wrapping_mul(x >> 11, f->upper), below);
#else
    const int32_t multiplier = (int32_t)((uint32_t)f->upper * 2048u + (uint32_t)f->lower);
    return (int32_t)((int64_t)(int32_t)((uint32_t)x << 10) * multiplier >> 32);
#endif
}

/* Of sums within 2^20, or whatever fits */
static inline int8_t mdg_scalar_to_s8(int32_t sum, const mdg_scalar_factors *f, int32_t general) {
    const int32_t scaled = mdg_scalar_scale(sum, f);
    const int32_t sign = general && sum < 0 ? -512 : 0;
    const int32_t y = mdg_wrapping_add(mdg_wrapping_add(scaled, sign), f->offset) >> f->shift;
    return (int8_t)(mdg_clamp(y, 0, 255) - 128);
}

static inline int8_t mdg_scalar_requantize(int32_t sum, const mdg_scalar_factors *f, int32_t general) {
    if (general) sum = mdg_clamp(sum, -(1 << 20), (1 << 20) - 1);
    return mdg_scalar_to_s8(sum, f, general);
}

#endif
