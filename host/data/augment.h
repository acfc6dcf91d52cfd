/* SPDX-License-Identifier: MIT
 *
 * augment.h: variations of a clip at training time; the generator decides everything.
 *
 *     mdg_rng r = mdg_rng_of(seed, epoch * n_clips + i);
 *     mdg_augment_clip(set, &set->clips[i], &opts, &r, samples, mdg_data_window(set->opts));
 *
 * Threads: pure functions of their arguments; any number may run at once.
 */
#ifndef MDG_AUGMENT_H
#define MDG_AUGMENT_H

#include "data/data.h"
#include "util/rng.h"

typedef struct mdg_augment_opts {
    int shift_ms;            /* shift in time by up to +- this */
    float gain_db;           /* gain by up to +- this */
    float speed;             /* play faster or slower by up to this fraction (pitch moves along) */
    float eq_db;             /* lift or lower bass and treble, each by up to +- this; the corner varies */
    float noise_probability; /* mix noise into this share of clips */
    float snr_min_db, snr_max_db;
    int time_masks, time_mask_frames; /* SpecAugment: number of masks, largest width */
    int freq_masks, freq_mask_bins;
    float mixup; /* 0, or the share of batches that mix pairs of clips */
} mdg_augment_opts;

/* Writes n_out samples, a variation of clip, to out [n_out][channels]. With r NULL: the plain clip, centred,
 * cut or padded. Series and pictures are padded with their ends.
 *
 * Placement: a clip shorter than the window is centred and padded with zeros; of a longer one the loudest
 * part (by energy) is taken. Variation, in this order: speed and shift; noise from set->backgrounds, or white
 * or pink noise when there are none, with the SNR measured over the clip's own samples in the window; bass
 * and treble; gain. The result saturates. A clip of zeros gets no noise. */
void mdg_augment_clip(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts, mdg_rng *r,
                      int16_t *out, size_t n_out);

/* SpecAugment masks on features [frames][width], in place; masked cells become `fill`. Widths are uniform
 * from 0 to the largest. */
void mdg_augment_features(const mdg_augment_opts *opts, mdg_rng *r, float *x, int frames, int width,
                          float fill);

#endif
