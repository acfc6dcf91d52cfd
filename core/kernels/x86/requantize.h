/* SPDX-License-Identifier: MIT
 *
 * requantize.h: eight sums at once to int8, as core/fixed.h does one.
 */
#ifndef MDG_X86_REQUANTIZE_H
#define MDG_X86_REQUANTIZE_H

#include "avx2.h"

/* x * mult * 2^(left - right), rounded twice; mask, half: of the bits that `right` removes */
typedef struct mdg_factors {
    __m256i mult, left, right, mask, half;
} mdg_factors;

/* Where results go: y = clamp(x + zero, lo, hi) */
typedef struct mdg_range {
    __m256i zero, lo, hi;
} mdg_range;

/* What belongs to eight output channels */
typedef struct mdg_channels {
    __m256i bias;
    mdg_factors factors;
} mdg_channels;

MDG_AVX2 static inline mdg_factors mdg_factors_of(__m256i mult, __m256i shift) {
    const __m256i none = _mm256_setzero_si256(), one = _mm256_set1_epi32(1);
    mdg_factors f;
    f.mult = mult;
    f.left = _mm256_max_epi32(shift, none);
    f.right = _mm256_max_epi32(_mm256_sub_epi32(none, shift), none);
    f.mask = _mm256_sub_epi32(_mm256_sllv_epi32(one, f.right), one);
    f.half = _mm256_srli_epi32(f.mask, 1);
    return f;
}

MDG_AVX2 static inline mdg_factors mdg_one_factor(int32_t mult, int32_t shift) {
    return mdg_factors_of(_mm256_set1_epi32(mult), _mm256_set1_epi32(shift));
}

MDG_AVX2 static inline mdg_range mdg_range_of(int32_t zero, int32_t lo, int32_t hi) {
    mdg_range r;
    r.zero = _mm256_set1_epi32(zero);
    r.lo = _mm256_set1_epi32(lo);
    r.hi = _mm256_set1_epi32(hi);
    return r;
}

/* n of int32, 0 behind them; all 0 where x is NULL */
MDG_AVX2 static inline __m256i mdg_load_some(const int32_t *x, int32_t n) {
    int32_t lanes[MDG_LANES] = {0};
    if (x) memcpy(lanes, x, (size_t)n * sizeof *x);
    return mdg_load(lanes);
}

/* round(x * mult / 2^31), halves up. mult is never negative, so that nothing saturates. */
MDG_AVX2_INLINE __m256i mdg_high_mul(__m256i x, __m256i mult) {
    const __m256i half = _mm256_set1_epi64x(1 << 30);
    const __m256i even = _mm256_add_epi64(_mm256_mul_epi32(x, mult), half);
    const __m256i odd =
        _mm256_add_epi64(_mm256_mul_epi32(_mm256_srli_epi64(x, 32), _mm256_srli_epi64(mult, 32)), half);
    return _mm256_blend_epi32(_mm256_srli_epi64(even, 31), _mm256_slli_epi64(odd, 1), 0xAA);
}

MDG_AVX2_INLINE __m256i mdg_requantize_lanes(__m256i x, const mdg_factors *f) {
    const __m256i q = mdg_high_mul(_mm256_sllv_epi32(x, f->left), f->mult);
    const __m256i threshold = _mm256_sub_epi32(f->half, _mm256_srai_epi32(q, 31));
    const __m256i is_above = _mm256_cmpgt_epi32(_mm256_and_si256(q, f->mask), threshold); /* -1 or 0 */
    return _mm256_sub_epi32(_mm256_srav_epi32(q, f->right), is_above);
}

/* The lowest byte of each lane, in the lower half, after zero point and clamp */
MDG_AVX2_INLINE __m128i mdg_to_bytes(__m256i q, const mdg_range *r) {
    const __m256i first = _mm256_set1_epi32(0x0C080400);
    q = _mm256_add_epi32(q, r->zero);
    q = _mm256_max_epi32(_mm256_min_epi32(q, r->hi), r->lo);
    q = _mm256_shuffle_epi8(q, first);
    return _mm_unpacklo_epi32(_mm256_castsi256_si128(q), _mm256_extracti128_si256(q, 1));
}

/* y[0..n) from sums without bias; n in [1, 8] */
MDG_AVX2_INLINE void mdg_store_sums(__m256i sums, const mdg_channels *c, const mdg_range *r, int8_t *y,
                                    int32_t n) {
    const __m256i q = mdg_requantize_lanes(_mm256_add_epi32(sums, c->bias), &c->factors);
    const __m128i bytes = mdg_to_bytes(q, r);
    if (n == MDG_LANES) {
        _mm_storel_epi64((__m128i *)(void *)y, bytes);
    } else {
        int8_t some[2 * MDG_LANES];
        _mm_storeu_si128((__m128i *)(void *)some, bytes);
        memcpy(y, some, (size_t)n);
    }
}

#endif
