/* SPDX-License-Identifier: MIT
 *
 * features.h: what sensors give to what a model sees, row by row, in integers: the same bytes on the desktop,
 * in the emulator and on the board, with or without an FPU.
 *
 *     mdg_features_stream s = {.features = &f, .mult = mult, .offset = offset,
 *                              .samples = samples, .rows = rows, .state = state, .scratch = scratch};
 *     mdg_features_start(&s);
 *     while (n > 0) {                                            // as samples come in, in pieces of any size
 *         const int32_t used = mdg_features_push(&s, pcm, n);
 *         pcm += used * f.channels, n -= used;
 *         if (s.fresh && s.n_rows == f.frames) mdg_features_read(&s, model_input), invoke_the_model();
 *     }
 *
 * A block turns a window of samples into a row of features: mel bands of sound (midge/mel.h), the samples
 * themselves (midge/raw.h), and others. docs/FEATURES.md has the formulas and what they cost. Memory: tables
 * are constant (flash), built on the desktop by host/feature; everything else is the caller's. Threads:
 * re-entrant.
 */
#ifndef MIDGE_FEATURES_H
#define MIDGE_FEATURES_H

#include <stddef.h>
#include <stdint.h>

#include "midge/config.h"

/* A block lists the fields of its constants with these (midge/mel.h has an example). */
#define MDG_BLOCK_SCALAR(name)             int32_t name;
#define MDG_BLOCK_TABLE(type, name, count) const type *name;

/* A block with its constants. A sample is a value of each channel: one for sound, one for each axis of a
 * motion sensor, one for each colour of a picture. */
typedef struct mdg_features {
    /* samples [window][channels]; state: state_bytes, 8-aligned, zeros at the start, kept from frame to
     * frame; scratch: scratch_bytes, 8-aligned, free again afterwards; out [width] */
    void (*frame)(const struct mdg_features *f, const int16_t *samples, void *state, void *scratch,
                  int16_t *out);
    /* Samples before anything else sees them, [n][channels], in place: mdg_filter (midge/filter.h), or NULL.
     * state as above; hop <= window */
    void (*filter)(const struct mdg_features *f, void *state, int16_t *samples, int32_t n);
    const void *block;       /* the block's own constants: mdg_mel, mdg_raw, ... */
    const int32_t *sections; /* the filter's */
    int32_t n_sections;
    int32_t window;        /* samples of a frame */
    int32_t hop;           /* samples from one frame to the next */
    int32_t channels;      /* values of a sample */
    int32_t width;         /* values of a row */
    int32_t frames;        /* rows that the model sees at a time */
    int32_t unit;          /* steps of a feature in one of its units: for those who train or draw */
    int32_t state_bytes;   /* what the block remembers of earlier frames: a multiple of 8, mostly 0 */
    int32_t scratch_bytes; /* what frame and the stream need, 8-aligned; its last bytes hold a row */
} mdg_features;

/* One row into a model's input: out[k] = clamp((in[k] * mult[k] + offset[k] + 2^15) >> 16, -128, 127),
 * computed in 64 bits. All arrays are [width]. */
MDG_KERNEL void mdg_features_quantize(const mdg_features *f, const int32_t *mult, const int32_t *offset,
                                      const int16_t *in, int8_t *out);

/* Samples that arrive in pieces. The caller sets the first group, which stays his, and calls
 * mdg_features_start. */
typedef struct mdg_features_stream {
    const mdg_features *features;
    const int32_t *mult;   /* [width], as in mdg_features_quantize */
    const int32_t *offset; /* [width] */
    int16_t *samples;      /* [window][channels]: keeps its contents from call to call */
    int8_t *rows;          /* [frames][width], a ring: keeps its contents from call to call */
    void *state;           /* state_bytes, 8-aligned: the block's */
    void *scratch;         /* scratch_bytes, 8-aligned: may be used for other things between calls */

    int32_t n_samples; /* held in samples */
    int32_t skip;      /* samples to pass over before the next frame begins (hop > window) */
    int32_t n_rows;    /* rows seen since the start, at most frames */
    int32_t next_row;  /* where in the ring the next row goes: the oldest row is there */
    int32_t fresh;     /* 1: the last push has completed a row */
} mdg_features_stream;

/* Forgets all samples; the rows are those of zeros: silence. */
MDG_KERNEL void mdg_features_start(mdg_features_stream *s);

/* Takes samples until a row is complete or none are left; s->fresh tells which. The rows do not depend on the
 * sizes of the pieces. Returns how many of the n samples, [n][channels], it took. */
MDG_KERNEL int32_t mdg_features_push(mdg_features_stream *s, const int16_t *samples, int32_t n);

/* Copies the rows into a model's input, [frames][width], oldest first. */
MDG_KERNEL void mdg_features_read(const mdg_features_stream *s, int8_t *input);

/* Copies samples or rows that do not overlap: one function that all share, since flash is dear. */
MDG_KERNEL void mdg_features_copy(void *to, const void *from, int32_t bytes);

#endif
