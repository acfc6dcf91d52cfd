/* SPDX-License-Identifier: MIT
 *
 * mel.h: a block of features (midge/features.h) for sound: the power in mel bands or in even ones, or their
 * cepstrum.
 *
 * A frame is windowed (Hann), transformed (real FFT), squared, summed into mel bands, and its logarithm
 * taken; MFCC adds a DCT. One channel.
 */
#ifndef MIDGE_MEL_H
#define MIDGE_MEL_H

#include "midge/features.h"

/* The fields of mdg_mel, each listed once: S(name) is an int32_t scalar, T(type, name, count) a pointer to a
 * constant table of `count` elements, where count is an expression over `b`, a pointer to the struct; a table
 * of 0 elements is NULL. From the list come the struct (here) and its text in generated C.
 *
 * n_window         values that the spectrum is of: the window of mdg_features, or that over envelope
 * fft_size         the power of two with n_window <= fft_size < 2 n_window, 16 to 2048
 * n_mels           bands, evenly spaced in mel or in Hz
 * window_shift     (x * window_q15) >> window_shift enters the FFT
 * power_shift      the FFT's bins squared are power * 2^power_shift, power in (int16 steps)^2
 * dct_shift        MFCC: of the DCT's table
 * n_weights, n_dct elements of weight_q15 and dct_q
 * n_statistics, envelope   for midge/spectral.h alone
 *
 * window_q15       the window (spectral.h without bands: fft_size is 0, and there are no tables)
 * twiddle_q15      e^(-2 pi i k / (fft_size / 2)), k < 3/8 fft_size, real and imaginary part in turn
 * split_q15        e^(-2 pi i k / fft_size), k < fft_size / 4, likewise
 * band_start       segment j between two mel edges is bins band_start[j] to band_start[j + 1] - 1
 * weight_q15       from bin band_start[0]: the share of segment j's bins in band j; band j - 1 gets the rest
 * dct_q            MFCC: [width][n_mels], shifted left by dct_shift */
#define MDG_BLOCK_mel(S, T)                                                                                  \
    S(n_window)                                                                                              \
    S(fft_size)                                                                                              \
    S(n_mels)                                                                                                \
    S(window_shift)                                                                                          \
    S(power_shift)                                                                                           \
    S(dct_shift)                                                                                             \
    S(n_weights)                                                                                             \
    S(n_dct)                                                                                                 \
    S(n_statistics)                                                                                          \
    S(envelope)                                                                                              \
    T(int16_t, window_q15, b->fft_size ? b->n_window : 0)                                                    \
    T(int16_t, twiddle_q15, b->fft_size / 4 * 3)                                                             \
    T(int16_t, split_q15, b->fft_size / 2)                                                                   \
    T(int16_t, band_start, b->fft_size ? b->n_mels + 2 : 0)                                                  \
    T(int16_t, weight_q15, b->n_weights)                                                                     \
    T(int16_t, dct_q, b->n_dct)

typedef struct mdg_mel {
    MDG_BLOCK_mel(MDG_BLOCK_SCALAR, MDG_BLOCK_TABLE)
} mdg_mel;

/* out [width]: log mel, 256 * log2(1 + power of band m), 0 for digital silence; or MFCC, 64 * the orthonormal
 * DCT-II of log2(1 + power). samples at full int16 scale. Never saturates. */
MDG_KERNEL void mdg_mel_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                              int16_t *out);

#endif
