/* SPDX-License-Identifier: MIT
 *
 * feature.h: from options to the constant tables of a feature block, clips through the block, and features to
 * what training and the quantised model see. The arithmetic is that of dsp/ (include/midge/features.h), which
 * also runs on the device: this room only builds its tables.
 *
 *     mdg_features f;
 *     mdg_feature_build(&opts, arena, &f, diag);
 *     mdg_feature_clip(&f, samples, n_samples, scratch, rows);          // for every clip
 *     mdg_feature_normalization norm = mdg_feature_normalization_new(&f, arena);
 *     mdg_feature_normalization_add(&norm, rows, n_rows);               // of every training clip
 *     mdg_feature_normalization_finish(&norm);
 *     mdg_feature_normalize(&norm, rows, n_rows, x);                    // training sees x
 *     mdg_feature_quantization(&norm, scale, zero_point, mult, offset, diag); // the device:
 * mdg_features_quantize
 *
 * Memory: what is built lives in the arena. Threads: no shared state.
 */
#ifndef MDG_FEATURE_H
#define MDG_FEATURE_H

#include <stdbool.h>

#include "midge/features.h"
#include "util/arena.h"
#include "util/diag.h"

typedef enum mdg_feature_kind {
    MDG_FEATURE_NONE,
    MDG_FEATURE_LOG_MEL,
    MDG_FEATURE_MFCC,
    MDG_FEATURE_RAW,
    MDG_FEATURE_MICRO,
    MDG_FEATURE_SPECTROGRAM,
    MDG_FEATURE_SPECTRAL
} mdg_feature_kind;

typedef struct mdg_feature_opts {
    mdg_feature_kind kind;
    int sample_rate; /* Hz */
    int window_us, hop_us;
    int n_mels;               /* bands: 1 to 64; spectral: 0 too */
    int n_coeffs;             /* MFCC: coefficients kept, 1 to n_mels */
    float f_min_hz, f_max_hz; /* f_max 0 = half the sample rate */
    int clip_ms;              /* the model sees this much at a time */
    bool statistics;          /* spectral: with them */
    int envelope;             /* spectral: of the envelope over so many samples; 0 = of the samples */
    int decimate;             /* raw: samples that are averaged to a row; 0 = 1 */
    int channels;             /* values of a sample: 0 = 1 */
    int filter;               /* 0 none, 1 low pass, 2 high pass, 3 band pass (Butterworth) */
    int filter_order;         /* of each edge: 2, 4, 6, 8 */
    float filter_low_hz, filter_high_hz;
    int image_h, image_w;   /* pictures: pixels that the camera gives; 0 = samples in time */
    int crop_h, crop_w;     /* the middle of them; 0 = all */
    int resize_h, resize_w; /* what that is scaled to; 0 = not */
    int scaling;            /* 0 area, 1 bilinear */
    bool grey;              /* three colours to one */
} mdg_feature_opts;

/* What a network sees: height x width x channels. Rows of sound are a picture of one channel, frames x bands;
 * axes of other sensors are channels, frames x 1 x axes. */
typedef struct mdg_feature_shape {
    int h, w, c;
} mdg_feature_shape;

/* Builds tables for opts. out->frames and out->width give the shape of the model's input.
 * Returns MDG_OK; MDG_INVALID with the option, its limits and what to change; MDG_UNSUPPORTED for a window of
 * more than 2048 samples. */
mdg_status mdg_feature_build(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out,
                             mdg_diag *diag);

mdg_feature_shape mdg_feature_shape_of(const mdg_feature_opts *opts, const mdg_features *f);

/* The number of whole frames in n_samples: 1 + (n_samples - window) / hop, or 0. */
size_t mdg_feature_frames(const mdg_features *f, size_t n_samples);

/* What mdg_feature_clip needs besides: the block's state and scratch. */
size_t mdg_feature_work_bytes(const mdg_features *f);

/* All frames of a clip, samples [n_samples][channels]: out is [mdg_feature_frames][width], in units of the
 * block. scratch: f->scratch_bytes, 8-aligned (any block of the arena). */
void mdg_feature_clip(const mdg_features *f, const int16_t *samples, size_t n_samples, void *work,
                      int16_t *out);

/* Bytes of all constants on a 32-bit processor: what the block adds to flash besides its code. */
size_t mdg_feature_table_bytes(const mdg_features *f);

/* Mean and deviation of each coefficient over the training data. The sums are integers: exact in any order.
 */
typedef struct mdg_feature_normalization {
    int width;
    float min_dev; /* deviations below an eighth of a factor of two count as that */
    int64_t n_rows;
    int64_t *sum;         /* [width] */
    int64_t *sum_squares; /* [width] */
    float *mean, *dev;    /* [width], in units of the block, after finish */
} mdg_feature_normalization;

mdg_feature_normalization mdg_feature_normalization_new(const mdg_features *f, mdg_arena *arena);
void mdg_feature_normalization_add(mdg_feature_normalization *n, const int16_t *rows, size_t n_rows);
void mdg_feature_normalization_finish(mdg_feature_normalization *n);

/* What training sees: x[k] = (row[k] - mean[k]) / dev[k] */
void mdg_feature_normalize(const mdg_feature_normalization *n, const int16_t *rows, size_t n_rows, float *x);

/* mult and offset [width] of mdg_features_quantize for a model input with this scale and zero point, so that
 * it gives round(x / scale) + zero_point to within one step. Uses width, mean and dev only. Returns MDG_OK;
 * MDG_INVALID when the numbers leave 32 bits, with the coefficient. */
mdg_status mdg_feature_quantization(const mdg_feature_normalization *n, float scale, int zero_point,
                                    int32_t *mult, int32_t *offset, mdg_diag *diag);

#endif
