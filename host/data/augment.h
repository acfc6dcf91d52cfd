/* SPDX-License-Identifier: MIT
 *
 * augment.h: variations of a clip at training time; the generator decides everything.
 */
#ifndef MDG_AUGMENT_H
#define MDG_AUGMENT_H

#include "data/data.h"
#include "util/rng.h"

typedef struct mdg_augment_opts {
    int shift_ms;                /* shift in time by up to +- this */
    float gain_db;               /* gain by up to +- this */
    float speed;                 /* play faster or slower by up to this fraction (pitch moves along) */
    float noise_probability;     /* mix noise into this share of clips */
    float snr_min_db, snr_max_db;
    int time_masks, time_mask_frames;  /* SpecAugment: number of masks, largest width */
    int freq_masks, freq_mask_bins;
    float mixup;                 /* 0, or the share of batches that mix pairs of clips */
} mdg_augment_opts;

/* Writes n_out samples, a variation of clip, to out. With r NULL: the plain clip, centred, cut or padded. */
void mdg_augment_clip(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts, mdg_rng *r,
                      int16_t *out, size_t n_out);

/* SpecAugment masks on features [frames][width], in place; masked cells become `fill`. */
void mdg_augment_features(const mdg_augment_opts *opts, mdg_rng *r, float *x, int frames, int width, float fill);

#endif
