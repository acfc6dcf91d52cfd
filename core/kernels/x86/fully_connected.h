/* SPDX-License-Identifier: MIT
 *
 * fully_connected.h: eight rows of weights at a time, 16 products each.
 *
 * sum (x - x_zero) * (w - w_zero) = sum (x - x_zero) * w - w_zero * sum (x - x_zero)
 */
#ifndef MDG_X86_FULLY_CONNECTED_H
#define MDG_X86_FULLY_CONNECTED_H

#include "requantize.h"
#include "midge/params.h"

enum { MDG_FC_STEP = 16, MDG_FC_DEPTH = 16384 };

typedef struct mdg_fc {
    const mdg_fully_connected_params *p;
    const int8_t *w;
    const int32_t *bias, *mult, *shift; /* mult, shift: NULL: those of the parameters */
    int32_t filter_zero;
    mdg_range range;
    int32_t sum_x;
    int16_t x[MDG_FC_DEPTH];   /* a row of the input, minus its zero point */
    int16_t tail[MDG_FC_STEP]; /* its last 16, 0 for those that whole steps cover */
} mdg_fc;

static inline bool mdg_fc_fits(const mdg_fully_connected_params *p) {
    return p->in_c >= MDG_FC_STEP && p->in_c <= MDG_FC_DEPTH;
}

MDG_AVX2 static inline void mdg_fc_load(mdg_fc *f, const int8_t *x) {
    const int32_t n = f->p->in_c, rest = n % MDG_FC_STEP;
    mdg_widen(x, n, f->p->in_zero, f->x);
    memset(f->tail, 0, sizeof f->tail);
    memcpy(f->tail + MDG_FC_STEP - rest, f->x + n - rest, (size_t)rest * sizeof *f->x);
    f->sum_x = 0;
    for (int32_t i = 0; i < n; i++) f->sum_x += f->x[i];
}

/* The sum of each vector's lanes */
MDG_AVX2_INLINE __m256i mdg_sum_each(const __m256i *v) {
    const __m256i a = _mm256_hadd_epi32(_mm256_hadd_epi32(v[0], v[1]), _mm256_hadd_epi32(v[2], v[3]));
    const __m256i b = _mm256_hadd_epi32(_mm256_hadd_epi32(v[4], v[5]), _mm256_hadd_epi32(v[6], v[7]));
    return _mm256_add_epi32(_mm256_permute2x128_si256(a, b, 0x20), _mm256_permute2x128_si256(a, b, 0x31));
}

/* Eight channels from c on; of those beyond the last, the last one's sum */
MDG_AVX2 static inline __m256i mdg_fc_sums(const mdg_fc *f, int32_t c) {
    const int32_t n = f->p->in_c, last = f->p->out_c - 1;
    const int8_t *w[MDG_LANES];
    __m256i sums[MDG_LANES];
    for (int i = 0; i < MDG_LANES; i++) {
        w[i] = f->w + (c + i < last ? c + i : last) * n;
        sums[i] = _mm256_setzero_si256();
    }
    for (int32_t k = 0; k + MDG_FC_STEP <= n; k += MDG_FC_STEP)
        for (int i = 0; i < MDG_LANES; i++)
            sums[i] = mdg_add_products(sums[i], mdg_load_widened(w[i] + k), mdg_load(f->x + k));
    for (int i = 0; i < MDG_LANES && n % MDG_FC_STEP; i++)
        sums[i] = mdg_add_products(sums[i], mdg_load_widened(w[i] + n - MDG_FC_STEP), mdg_load(f->tail));
    const __m256i excess = _mm256_set1_epi32(f->filter_zero * f->sum_x);
    return _mm256_sub_epi32(mdg_sum_each(sums), excess);
}

MDG_AVX2 static inline mdg_channels mdg_fc_channels(const mdg_fc *f, int32_t c, int32_t n) {
    mdg_channels to;
    to.bias = mdg_load_some(f->bias ? f->bias + c : NULL, n);
    to.factors = f->mult ? mdg_factors_of(mdg_load_some(f->mult + c, n), mdg_load_some(f->shift + c, n))
                         : mdg_one_factor(f->p->mult, f->p->shift);
    return to;
}

MDG_AVX2 static inline void mdg_fc_run(mdg_fc *f, const int8_t *x, int8_t *y) {
    const mdg_fully_connected_params *p = f->p;
    f->range = mdg_range_of(p->out_zero, p->act_min, p->act_max);
    for (int32_t b = 0; b < p->batches; b++, x += p->in_c, y += p->out_c) {
        mdg_fc_load(f, x);
        for (int32_t c = 0; c < p->out_c; c += MDG_LANES) {
            const int32_t left = p->out_c - c, n = left < MDG_LANES ? left : MDG_LANES;
            const mdg_channels channels = mdg_fc_channels(f, c, n);
            mdg_store_sums(mdg_fc_sums(f, c), &channels, &f->range, y + c, n);
        }
    }
}

#endif
