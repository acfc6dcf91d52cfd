/* SPDX-License-Identifier: MIT
 *
 * feature.h: from options to the constant tables of a feature block, and clips through the block. The arithmetic is
 * that of dsp/ (include/midge/features.h), which also runs on the device: this file only builds its tables.
 */
#ifndef MDG_FEATURE_H
#define MDG_FEATURE_H

#include "midge/features.h"
#include "util/arena.h"
#include "util/diag.h"

typedef enum mdg_feature_kind { MDG_FEATURE_NONE, MDG_FEATURE_LOG_MEL, MDG_FEATURE_MFCC } mdg_feature_kind;

typedef struct mdg_feature_opts {
    mdg_feature_kind kind;
    int sample_rate;   /* Hz */
    int window_us, hop_us;
    int n_mels;
    int n_coeffs;      /* MFCC: coefficients kept */
    float f_min_hz, f_max_hz; /* f_max 0 = half the sample rate */
    int clip_ms;       /* the model sees this much sound at a time */
} mdg_feature_opts;

/* Builds tables for opts. out->frames and out->width give the shape of the model's input. */
mdg_status mdg_feature_build(const mdg_feature_opts *opts, mdg_arena *arena, mdg_features *out, mdg_diag *diag);

/* All frames of a clip: out is [frames][width], in units of mdg_features_frame. n_samples is clip_ms long. */
void mdg_feature_clip(const mdg_features *f, const int16_t *samples, size_t n_samples, void *scratch, int16_t *out);

#endif
