/* SPDX-License-Identifier: MIT
 *
 * features.h: sound to features, frame by frame, in integers: the same bytes on the desktop, in the emulator
 * and on the board, with or without an FPU.
 *
 *     mdg_features_stream s = {.features = &f, .mult = mult, .offset = offset,
 *                              .samples = samples, .rows = rows, .scratch = scratch};
 *     mdg_features_start(&s);
 *     while (n > 0) {                                            // as sound comes in, in pieces of any size
 *         const int32_t used = mdg_features_push(&s, pcm, n);
 *         pcm += used, n -= used;
 *         if (s.fresh && s.n_rows == f.frames) mdg_features_read(&s, model_input), invoke_the_model();
 *     }
 *
 * A frame is windowed (Hann), transformed (real FFT), squared, summed into mel bands, and its logarithm
 * taken; MFCC adds a DCT. docs/FEATURES.md has the formulas and what they cost. Memory: tables are constant
 * (flash), built on the desktop by host/feature; everything else is the caller's. Threads: re-entrant.
 */
#ifndef MIDGE_FEATURES_H
#define MIDGE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "midge/config.h"

/* The fields of mdg_features, each listed once: S(name) is an int32_t scalar, T(type, name, count) a pointer
 * to a constant table of `count` elements, where count is an expression over `f`, a pointer to the struct; a
 * table of 0 elements is NULL. From the lists come the struct (here) and its text in generated C.
 *
 * window, hop      samples of a frame, and from one frame to the next
 * fft_size         the power of two with window <= fft_size < 2 window, 16 to 2048
 * n_mels           mel bands
 * width            values per row: n_mels, or the number of MFCC coefficients
 * frames           rows that the model sees at a time
 * unit             steps of a feature per factor of two of power: 256 for log mel, 64 for MFCC
 * window_shift     (x * window_q15) >> window_shift enters the FFT
 * power_shift      the FFT's bins squared are power * 2^power_shift, power in (int16 steps)^2
 * dct_shift        MFCC: of the DCT's table
 * n_weights, n_dct elements of weight_q15 and dct_q
 * scratch_bytes    what mdg_features_frame and the stream need, 8-aligned
 *
 * window_q15       the window
 * twiddle_q15      e^(-2 pi i k / (fft_size / 2)), k < 3/8 fft_size, real and imaginary part in turn
 * split_q15        e^(-2 pi i k / fft_size), k < fft_size / 4, likewise
 * band_start       segment j between two mel edges is bins band_start[j] to band_start[j + 1] - 1
 * weight_q15       from bin band_start[0]: the share of segment j's bins in band j; band j - 1 gets the rest
 * dct_q            MFCC: [width][n_mels], shifted left by dct_shift */
#define MDG_FEATURES_SCALARS(S)                                                                              \
    S(window)                                                                                                \
    S(hop)                                                                                                   \
    S(fft_size)                                                                                              \
    S(n_mels)                                                                                                \
    S(width)                                                                                                 \
    S(frames)                                                                                                \
    S(unit)                                                                                                  \
    S(window_shift)                                                                                          \
    S(power_shift)                                                                                           \
    S(dct_shift)                                                                                             \
    S(n_weights)                                                                                             \
    S(n_dct)                                                                                                 \
    S(scratch_bytes)

#define MDG_FEATURES_TABLES(T)                                                                               \
    T(int16_t, window_q15, f->window)                                                                        \
    T(int16_t, twiddle_q15, f->fft_size / 4 * 3)                                                             \
    T(int16_t, split_q15, f->fft_size / 2)                                                                   \
    T(int16_t, band_start, f->n_mels + 2)                                                                    \
    T(int16_t, weight_q15, f->n_weights)                                                                     \
    T(int16_t, dct_q, f->n_dct)

#define MDG_FEATURES_SCALAR_FIELD(name)             int32_t name;
#define MDG_FEATURES_TABLE_FIELD(type, name, count) const type *name;

typedef struct mdg_features {
    MDG_FEATURES_SCALARS(MDG_FEATURES_SCALAR_FIELD)
    MDG_FEATURES_TABLES(MDG_FEATURES_TABLE_FIELD)
} mdg_features;

/* samples [window] at full int16 scale; scratch: scratch_bytes, 8-aligned, free again afterwards.
 * out [width]: log mel, 256 * log2(1 + power of band m), 0 for digital silence; or MFCC, 64 * the orthonormal
 * DCT-II of log2(1 + power). Never saturates. */
MDG_KERNEL void mdg_features_frame(const mdg_features *f, const int16_t *samples, void *scratch,
                                   int16_t *out);

/* One row into a model's input: out[k] = clamp((in[k] * mult[k] + offset[k] + 2^15) >> 16, -128, 127),
 * computed in 64 bits. All arrays are [width]. */
MDG_KERNEL void mdg_features_quantize(const mdg_features *f, const int32_t *mult, const int32_t *offset,
                                      const int16_t *in, int8_t *out);

/* Sound that arrives in pieces. The caller sets the first group, which stays his, and calls
 * mdg_features_start. */
typedef struct mdg_features_stream {
    const mdg_features *features;
    const int32_t *mult;   /* [width], as in mdg_features_quantize */
    const int32_t *offset; /* [width] */
    int16_t *samples;      /* [window]: keeps its contents from call to call */
    int8_t *rows;          /* [frames][width], a ring: keeps its contents from call to call */
    void *scratch;         /* scratch_bytes, 8-aligned: may be used for other things between calls */

    int32_t n_samples; /* held in samples */
    int32_t skip;      /* samples to pass over before the next frame begins (hop > window) */
    int32_t n_rows;    /* rows heard since the start, at most frames */
    int32_t next_row;  /* where in the ring the next row goes: the oldest row is there */
    int32_t fresh;     /* 1: the last push has completed a row */
} mdg_features_stream;

/* Forgets all sound; the rows are those of digital silence. */
MDG_KERNEL void mdg_features_start(mdg_features_stream *s);

/* Takes samples until a row is complete or none are left; s->fresh tells which. The rows do not depend on the
 * sizes of the pieces. Returns how many of the n samples it took. */
MDG_KERNEL int32_t mdg_features_push(mdg_features_stream *s, const int16_t *samples, int32_t n);

/* Copies the rows into a model's input, [frames][width], oldest first. */
MDG_KERNEL void mdg_features_read(const mdg_features_stream *s, int8_t *input);

#endif
