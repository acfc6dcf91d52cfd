/* SPDX-License-Identifier: MIT
 *
 * lanes.h: a word of neighbouring channels at a time, four of int8 or two of int16, for what reads each
 * element once: means, pools.
 */
#ifndef MDG_ARMV7EM_LANES_H
#define MDG_ARMV7EM_LANES_H

#include "../../simd32.h"

/* Sums of the bytes of words: bytes 0 and 2 in `even`, 1 and 3 in `odd`, 16 bits each */
typedef struct mdg_lanes {
    uint32_t even, odd;
} mdg_lanes;

enum { MDG_LANES_MAX = 256 }; /* words that 16 bits hold the sums of */

static inline mdg_lanes mdg_lanes_none(void) {
    mdg_lanes s;
    s.even = 0;
    s.odd = 0;
    return s;
}

/* Without SIMD each byte is 128 too much, which makes it positive. */
static inline void mdg_lanes_add_word(mdg_lanes *s, uint32_t word) {
#if defined(__ARM_FEATURE_SIMD32)
    s->even = mdg_sxtab16(s->even, word);
    s->odd = mdg_sxtab16_odd(s->odd, word);
#else
    const uint32_t positive = word ^ 0x80808080u;
    s->even += positive & 0x00FF00FFu;
    s->odd += positive >> 8 & 0x00FF00FFu;
#endif
}

/* Adds n words that stand `step` bytes apart: without SIMD, whole ones where they are aligned, since such
 * processors load others byte by byte. */
static inline void mdg_lanes_add(mdg_lanes *sums, const int8_t *x, int32_t step, int32_t n) {
    mdg_lanes s = *sums;
#if defined(__ARM_FEATURE_SIMD32)
    for (; n >= 4; n -= 4, x += 4 * step) {
        mdg_lanes_add_word(&s, mdg_load4(x));
        mdg_lanes_add_word(&s, mdg_load4(x + step));
        mdg_lanes_add_word(&s, mdg_load4(x + 2 * step));
        mdg_lanes_add_word(&s, mdg_load4(x + 3 * step));
    }
    for (; n > 0; n--, x += step) mdg_lanes_add_word(&s, mdg_load4(x));
#else
    const uint32_t too_much = (uint32_t)n * 0x00800080u;
    if ((((uintptr_t)x | (uintptr_t)step) & 3u) == 0)
        for (; n > 0; n--, x += step) mdg_lanes_add_word(&s, mdg_load4_aligned(x));
    else
        for (; n > 0; n--, x += step) mdg_lanes_add_word(&s, mdg_load4(x));
    s.even -= too_much;
    s.odd -= too_much;
#endif
    *sums = s;
}

/* Halves with SIMD; without, a negative lower half has borrowed from the upper one. */
static inline int32_t mdg_lanes_upper(uint32_t x) {
#if defined(__ARM_FEATURE_SIMD32)
    return mdg_high16(x);
#else
    return mdg_high16(x + (x & 0x8000u) * 2u);
#endif
}

static inline void mdg_lanes_to(const mdg_lanes *s, int32_t sum[4]) {
    sum[0] += mdg_low16(s->even);
    sum[1] += mdg_low16(s->odd);
    sum[2] += mdg_lanes_upper(s->even);
    sum[3] += mdg_lanes_upper(s->odd);
}

/* The first byte of the word at `at`, of a pixel of that many bytes: the last word overlaps the one before.
 */
static inline int32_t mdg_lanes_first(int32_t at, int32_t bytes) {
    return at + 4 <= bytes ? at : bytes - 4;
}

/* Adds n words of two int16 that stand `step` bytes apart. */
static inline void mdg_lanes_add_s16(int32_t sum[2], const int8_t *x, int32_t step, int32_t n) {
    int32_t low = sum[0], high = sum[1];
    for (; n > 0; n--, x += step) {
        const uint32_t word = mdg_load4(x);
        low = mdg_wrapping_add(low, mdg_low16(word));
        high = mdg_wrapping_add(high, mdg_high16(word));
    }
    sum[0] = low, sum[1] = high;
}

#endif
