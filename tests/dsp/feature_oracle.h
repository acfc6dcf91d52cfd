/* SPDX-License-Identifier: MIT
 *
 * The features again, in double precision, by the formulas of docs/FEATURES.md and the slow way.
 */
#ifndef MDG_TEST_FEATURE_ORACLE_H
#define MDG_TEST_FEATURE_ORACLE_H

#include <math.h>

#include "feature/feature.h"
#include "midge/mel.h"

static inline const mdg_mel *mel_of(const mdg_features *f) {
    return (const mdg_mel *)f->block;
}

static inline double oracle_mel(double hz) {
    return 2595.0 * log10(1.0 + hz / 700.0);
}

/* Power of bin k of the windowed frame. */
static inline double oracle_power(const mdg_features *f, const int16_t *x, int k) {
    double re = 0, im = 0;
    for (int n = 0; n < f->window; n++) {
        const double v = x[n] * (0.5 - 0.5 * cos(2 * M_PI * n / f->window));
        re += v * cos(2 * M_PI * k * n / mel_of(f)->fft_size);
        im -= v * sin(2 * M_PI * k * n / mel_of(f)->fft_size);
    }
    return re * re + im * im;
}

/* log2(1 + power) of each band. */
static inline void oracle_log_mel(const mdg_feature_opts *o, const mdg_features *f, const int16_t *x,
                                  double *out) {
    const double lo = oracle_mel(o->f_min_hz);
    const double step =
        (oracle_mel(o->f_max_hz > 0 ? o->f_max_hz : o->sample_rate / 2.0) - lo) / (mel_of(f)->n_mels + 1);
    double power[64] = {0};
    for (int k = 0; k <= mel_of(f)->fft_size / 2; k++) {
        const double position = (oracle_mel((double)k * o->sample_rate / mel_of(f)->fft_size) - lo) / step;
        if (position <= 0 || position >= mel_of(f)->n_mels + 1) continue;
        const double p = oracle_power(f, x, k);
        for (int m = 0; m < mel_of(f)->n_mels; m++) power[m] += p * fmax(0, 1 - fabs(position - (m + 1)));
    }
    for (int m = 0; m < mel_of(f)->n_mels; m++) out[m] = log2(1 + power[m]);
}

/* The orthonormal DCT-II of n values. */
static inline void oracle_dct(const double *in, int n, int n_coeffs, double *out) {
    for (int k = 0; k < n_coeffs; k++) {
        out[k] = 0;
        for (int m = 0; m < n; m++) out[k] += in[m] * cos(M_PI * k * (m + 0.5) / n);
        out[k] *= sqrt((k ? 2.0 : 1.0) / n);
    }
}

#endif
