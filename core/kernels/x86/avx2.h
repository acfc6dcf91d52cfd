/* SPDX-License-Identifier: MIT
 *
 * avx2.h: what the kernels for x86-64 are made of.
 *
 * A kernel here has the name, parameters and results of the one in ../ref, byte for byte. Where the processor
 * lacks AVX2, or a shape does not fit the buffers on the stack, it calls that one (reference.h).
 *
 * Sums are made of `pmaddwd`: int16 pairs multiplied and added to 32 bits. Inputs are widened to int16 with
 * their zero point taken off, |x - zero| <= 255, so that a pair's sum stays far from overflow, and what lies
 * outside the input is plainly 0. Sums wrap around as those of the reference do.
 */
#ifndef MDG_X86_AVX2_H
#define MDG_X86_AVX2_H

#include <immintrin.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "../../fixed.h"

#define MDG_AVX2 __attribute__((target("avx2")))
/* For functions whose last parameters must be constants to the compiler */
#define MDG_AVX2_INLINE __attribute__((target("avx2"), always_inline)) static inline

enum { MDG_LANES = 8, MDG_QUAD = 4 }; /* channels of a vector of sums; pixels computed side by side */

static inline bool mdg_has_avx2(void) {
    return __builtin_cpu_supports("avx2") != 0;
}

MDG_AVX2_INLINE __m256i mdg_load(const void *p) {
    return _mm256_loadu_si256((const __m256i *)p);
}

MDG_AVX2_INLINE void mdg_store(void *p, __m256i v) {
    _mm256_storeu_si256((__m256i *)p, v);
}

/* 16 of int8 to int16 */
MDG_AVX2_INLINE __m256i mdg_load_widened(const int8_t *p) {
    return _mm256_cvtepi8_epi16(_mm_loadu_si128((const __m128i *)(const void *)p));
}

/* a + the sums of pairs of products; wraps around */
MDG_AVX2_INLINE __m256i mdg_add_products(__m256i sums, __m256i a, __m256i b) {
    return _mm256_add_epi32(sums, _mm256_madd_epi16(a, b));
}

/* y[i] = x[i] - zero */
MDG_AVX2 static inline void mdg_widen(const int8_t *x, int32_t n, int32_t zero, int16_t *y) {
    const __m256i zeros = _mm256_set1_epi16((int16_t)zero);
    int32_t i = 0;
    for (; i + 16 <= n; i += 16) mdg_store(y + i, _mm256_sub_epi16(mdg_load_widened(x + i), zeros));
    for (; i < n; i++) y[i] = (int16_t)(x[i] - zero);
}

#endif
