/* SPDX-License-Identifier: MIT
 *
 * features.h: sound to features, frame by frame, in integers: the same bytes on the desktop, in the emulator and on the
 * board, with or without an FPU.
 *
 *     int16_t row[WIDTH];
 *     mdg_features_frame(&features, samples, scratch, row);   // one window of samples to one row
 *     mdg_features_quantize(&features, mult, offset, row, model_input_row);
 *
 * A frame is windowed, transformed (real FFT), squared, summed into mel bands, and its logarithm taken; MFCC adds a DCT.
 * Memory: tables are constant (flash), built on the desktop by host/feature; scratch is the caller's.
 * Threads: re-entrant.
 */
#ifndef MIDGE_FEATURES_H
#define MIDGE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "midge/config.h"

typedef struct mdg_features {
    int32_t window, hop; /* samples */
    int32_t fft_size;    /* power of two >= window */
    int32_t n_mels;
    int32_t width;       /* values per frame: n_mels, or the number of MFCC coefficients */
    int32_t frames;      /* rows that the model sees at a time */
    int32_t scratch_bytes;
    const int16_t *window_q15; /* [window] */
} mdg_features;

/* samples [window] at full int16 scale; scratch: scratch_bytes, 8-aligned; out [width] in 1/256 of a factor of two of
 * power (log mel: 256 * log2), MFCC: the orthonormal DCT-II of that. */
MDG_KERNEL void mdg_features_frame(const mdg_features *f, const int16_t *samples, void *scratch, int16_t *out);

/* out[k] = clamp((in[k] * mult[k] + offset[k] + 2^15) >> 16, -128, 127) */
MDG_KERNEL void mdg_features_quantize(const mdg_features *f, const int32_t *mult, const int32_t *offset, const int16_t *in,
                                      int8_t *out);

#endif
