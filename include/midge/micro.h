/* SPDX-License-Identifier: MIT
 *
 * micro.h: a block of features (midge/features.h) for sound: the micro front end of TensorFlow Lite Micro,
 * byte for byte, which micro_speech and the wake words of microWakeWord were trained on.
 *
 * A frame is windowed, scaled up to 16 bits, transformed, squared and summed into mel bands, of which the
 * root is taken; a running estimate of the noise of each band is subtracted; automatic gain (PCAN:
 * per-channel amplitude normalisation) evens out the level, and a logarithm ends it. One channel.
 */
#ifndef MIDGE_MICRO_H
#define MIDGE_MICRO_H

#include "midge/features.h"

/* n_window, fft_size, n_bands
 * first_bin_used, end_bin   bins that any band reads
 * even_smoothing, odd_smoothing, least_signal   noise estimate, fractions of 2^14
 * gain_shift                of the products with the gains; 0 = without PCAN
 * correction_bits, log_scale   the logarithm: log_scale * ln(x << correction_bits)
 * n_weights                 elements of weight and unweight
 *
 * window_q12
 * twiddle_q15               e^(-2 pi i k / (fft_size / 2)), real and imaginary part in turn
 * split_q15                 e^(-pi i (2 (k + 1) / fft_size + 1/2)), k < fft_size / 4
 * weight_q12, unweight_q12  shares of bins in the band that rises there, and in the one that falls
 * band_bin, band_weight, band_width   where each band's bins and weights begin, and how many
 * gain                      PCAN: pieces of parabolas (core/kernels/ref/pcan_u32.c)
 * log2_q16                  log2(1 + i / 128) - i / 128 */
#define MDG_BLOCK_micro(S, T)                                                                                \
    S(n_window)                                                                                              \
    S(fft_size)                                                                                              \
    S(n_bands)                                                                                               \
    S(first_bin_used)                                                                                        \
    S(end_bin)                                                                                               \
    S(even_smoothing)                                                                                        \
    S(odd_smoothing)                                                                                         \
    S(least_signal)                                                                                          \
    S(gain_shift)                                                                                            \
    S(correction_bits)                                                                                       \
    S(log_scale)                                                                                             \
    S(n_weights)                                                                                             \
    T(int16_t, window_q12, b->n_window)                                                                      \
    T(int16_t, twiddle_q15, b->fft_size)                                                                     \
    T(int16_t, split_q15, b->fft_size / 2)                                                                   \
    T(int16_t, weight_q12, b->n_weights)                                                                     \
    T(int16_t, unweight_q12, b->n_weights)                                                                   \
    T(int16_t, band_bin, b->n_bands + 1)                                                                     \
    T(int16_t, band_weight, b->n_bands + 1)                                                                  \
    T(int16_t, band_width, b->n_bands + 1)                                                                   \
    T(int16_t, gain, 125)                                                                                    \
    T(int16_t, log2_q16, 130)

typedef struct mdg_micro {
    MDG_BLOCK_micro(MDG_BLOCK_SCALAR, MDG_BLOCK_TABLE)
} mdg_micro;

/* state: the noise estimate, uint32_t [n_bands], zeros at the start. out [n_bands]: 0 to 32767, 64 ln of the
 * band's level at log_scale 64. */
MDG_KERNEL void mdg_micro_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                int16_t *out);

#endif
