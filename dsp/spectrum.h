/* SPDX-License-Identifier: MIT
 *
 * spectrum.h: the logarithm of the power in bands of a window of samples: window, FFT, bands
 * (docs/FEATURES.md).
 */
#ifndef MDG_DSP_SPECTRUM_H
#define MDG_DSP_SPECTRUM_H

#include "midge/mel.h"
#include "rfft.h"

/* What the first stage reads, apart from the struct, so that it stays in registers. */
typedef struct spectrum_source {
    const int16_t *x, *window_q15;
    int32_t window, shift;
} spectrum_source;

/* Complex sample n: windowed samples 2n and 2n + 1 */
static inline mdg_bin spectrum_sample(const spectrum_source *s, int32_t n) {
    const int16_t *x = s->x + 2 * n, *w = s->window_q15 + 2 * n;
    const mdg_bin z = {(x[0] * w[0]) >> s->shift, (x[1] * w[1]) >> s->shift};
    return z;
}

/* The same in the upper half, where the window ends */
static inline mdg_bin spectrum_sample_or_zero(const spectrum_source *s, int32_t n) {
    mdg_bin z = {0, 0};
    if (2 * n + 1 < s->window) return spectrum_sample(s, n);
    if (2 * n + 1 == s->window) z.re = (s->x[2 * n] * s->window_q15[2 * n]) >> s->shift;
    return z;
}

/* The number after r when counting with the bits in reverse, top being the highest bit. */
static inline int32_t spectrum_next_reversed(int32_t r, int32_t top) {
    for (; r & top; top >>= 1) r ^= top;
    return r | top;
}

/* Samples to the first stage's output: the four that share all but the highest two bits of their index are
 * neighbours in bit-reversed order. */
static inline void spectrum_first_stage(spectrum_source s, int32_t n, int radix4, mdg_bin *z) {
    int32_t r = 0;
    for (int32_t i = 0; i < n / 4; i++) {
        const mdg_bin u0 = spectrum_sample(&s, i), u2 = spectrum_sample_or_zero(&s, i + n / 2);
        const mdg_bin u1 = spectrum_sample(&s, i + n / 4), u3 = spectrum_sample_or_zero(&s, i + n / 4 * 3);
        if (radix4) {
            mdg_butterfly4(u0, u1, u2, u3, z + r, 1);
        } else {
            mdg_butterfly2(u0, u2, z + r, 1);
            mdg_butterfly2(u1, u3, z + r + 2, 1);
        }
        r = spectrum_next_reversed(r, n / 2);
    }
}

/* samples to the bins 0 .. fft_size / 2 */
static inline void spectrum_bins(const mdg_mel *b, const int16_t *samples, mdg_bin *bins) {
    const int32_t n = b->fft_size / 2;
    int32_t step = n;
    while (step > 4) step /= 4;
    const spectrum_source source = {samples, b->window_q15, b->n_window, b->window_shift};
    spectrum_first_stage(source, n, step == 4, bins);
    for (; step < n / 4; step *= 4) mdg_rfft_stage(bins, n, step, b->twiddle_q15);
    mdg_rfft_stage(bins, n, step,
                   b->twiddle_q15); /* called twice: compilers then leave it its own registers */
    mdg_rfft_split(bins, n, b->split_q15);
}

/* 32768 * log2(1 + i / 32) */
static const uint16_t spectrum_log2_q15[33] = {
    0,     1455,  2866,  4236,  5568,  6863,  8124,  9352,  10549, 11716, 12855,
    13968, 15055, 16117, 17156, 18173, 19168, 20143, 21098, 22034, 22952, 23852,
    24736, 25604, 26455, 27292, 28114, 28922, 29717, 30498, 31267, 32024, 32768,
};

/* 256 * log2(x), rounded, x > 0: the exponent by halving, the mantissa by a table with interpolation, whose
 * error is below 0.05 */
static inline int32_t spectrum_log2_q8(uint64_t x) {
    int32_t exponent = x >> 32 ? 63 : 31;
    uint32_t top = x >> 32 ? (uint32_t)(x >> 32) : (uint32_t)x;
    uint32_t below = x >> 32 ? (uint32_t)x : 0;
    for (int32_t half = 16; half > 0; half /= 2) {
        if (top >> (32 - half)) continue;
        top = top << half | below >> (32 - half);
        below <<= half;
        exponent -= half;
    }
    const uint32_t i = (top >> 26) & 31;
    const uint32_t rest = (top >> 15) & 2047;
    const uint32_t rise = (uint32_t)(spectrum_log2_q15[i + 1] - spectrum_log2_q15[i]);
    const uint32_t mantissa = spectrum_log2_q15[i] + ((rise * rest + 1024) >> 11);
    return exponent * 256 + (int32_t)((mantissa + 64) >> 7);
}

/* 256 * log2(1 + power) of each band. Neighbouring triangles share their slopes: of a segment between two
 * edges, what a bin does not give to the band that rises there belongs to the one that falls. */
static inline void spectrum_bands(const mdg_mel *b, const mdg_bin *bins, int16_t *out) {
    const int16_t *w = b->weight_q15;
    const mdg_bin *z = bins + b->band_start[0];
    int64_t band = (int64_t)1 << b->power_shift;
    for (int32_t j = 0; j <= b->n_mels; j++) {
        const mdg_bin *end = bins + b->band_start[j + 1];
        int64_t whole = 0, half_rising = 0;
        for (; z < end; z++, w++) {
            whole += (int64_t)z->re * z->re;
            whole += (int64_t)z->im * z->im;
            half_rising += (int64_t)mdg_mul_q16(z->re, *w) * z->re;
            half_rising += (int64_t)mdg_mul_q16(z->im, *w) * z->im;
        }
        band += whole - 2 * half_rising;
        if (j > 0) out[j - 1] = (int16_t)(spectrum_log2_q8((uint64_t)band) - 256 * b->power_shift);
        band = 2 * half_rising + ((int64_t)1 << b->power_shift);
    }
}

#endif
