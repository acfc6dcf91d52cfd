/* SPDX-License-Identifier: MIT
 *
 * A window of each channel: its envelope if wanted, mean off, statistics, bands of its spectrum.
 */
#include "midge/spectral.h"

#include "spectrum.h"

static inline int16_t spectral_saturate(int64_t x) {
    return (int16_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
}

/* The channel at x, every `step` values, as n_window values. */
static inline void spectral_take(const mdg_mel *b, const int16_t *x, int32_t step, int16_t *out) {
    if (b->envelope == 0) {
        for (int32_t i = 0; i < b->n_window; i++) out[i] = x[i * step];
        return;
    }
    int32_t before = x[0];
    for (int32_t i = 0; i < b->n_window; i++) {
        int32_t sum = 0;
        for (int32_t k = 0; k < b->envelope; k++, x += step) {
            sum += *x > before ? *x - before : before - *x;
            before = *x;
        }
        out[i] = spectral_saturate(sum / b->envelope);
    }
}

/* Takes the mean off; returns it. */
static inline int32_t spectral_centre(int16_t *x, int32_t n) {
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++) sum += x[i];
    const int32_t mean = (sum + (sum < 0 ? -n : n) / 2) / n;
    for (int32_t i = 0; i < n; i++) x[i] = spectral_saturate(x[i] - mean);
    return mean;
}

static inline int32_t spectral_root(uint32_t x) {
    uint32_t root = 0;
    for (uint32_t bit = 1u << 15; bit; bit >>= 1)
        if ((root + bit) * (root + bit) <= x) root += bit;
    return (int32_t)root;
}

/* What values of deviation 1 tell: z = 256 x / deviation */
static inline void spectral_shape(const int16_t *x, int32_t n, int32_t deviation, int16_t *out) {
    int64_t cubes = 0, fourths = 0;
    int32_t largest = 0;
    for (int32_t i = 0; i < n; i++) {
        const int32_t z = x[i] * 256 / deviation, square = z * z;
        cubes += (int64_t)square * z;
        fourths += (int64_t)square * square >> 16;
        if (z > largest) largest = z;
        if (-z > largest) largest = -z;
    }
    out[0] = spectral_saturate((cubes / n) >> 16);
    out[1] = spectral_saturate((fourths / n) >> 10);
    out[2] = spectral_saturate(largest);
}

static inline void spectral_statistics(const int16_t *x, int32_t n, int32_t mean, int16_t *out) {
    int64_t squares = 0;
    int32_t crossings = 0;
    for (int32_t i = 0; i < n; i++) squares += x[i] * x[i];
    for (int32_t i = 1; i < n; i++) crossings += (x[i] < 0) != (x[i - 1] < 0);
    const uint32_t variance = (uint32_t)(squares / n);
    const int32_t deviation = spectral_root(variance);
    out[0] = spectral_saturate(mean);
    out[1] = (int16_t)spectrum_log2_q8((uint64_t)variance + 1);
    out[2] = out[3] = out[4] = 0;
    if (deviation > 0) spectral_shape(x, n, deviation, out + 2);
    out[5] = (int16_t)(crossings * 32767 / n);
}

MDG_KERNEL void mdg_spectral_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                   int16_t *out) {
    const mdg_mel *b = (const mdg_mel *)f->block;
    mdg_bin *bins = (mdg_bin *)scratch;                   /* [fft_size / 2 + 1] */
    int16_t *x = (int16_t *)(bins + b->fft_size / 2 + 1); /* [n_window] */
    (void)state;
    for (int32_t c = 0; c < f->channels; c++) {
        spectral_take(b, samples + c, f->channels, x);
        const int32_t mean = spectral_centre(x, b->n_window);
        if (b->n_mels) {
            spectrum_bins(b, x, bins);
            spectrum_bands(b, bins, out);
        }
        out += b->n_mels;
        if (b->n_statistics) spectral_statistics(x, b->n_window, mean, out);
        out += b->n_statistics;
    }
}
