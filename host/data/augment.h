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

/* Every option is a bound: what happens is drawn evenly between it and its opposite; 0 = never. */
typedef struct mdg_augment_series_opts {
    int shift_ms;       /* earlier or later by up to this; the ends repeat */
    float scale;        /* larger or smaller by up to this share, all channels alike */
    float speed;        /* faster or slower by up to this share */
    float rotate_deg;   /* turn every three channels (x, y, z) by up to this about an axis of any direction */
    float jitter;       /* normal noise of up to this share of each channel's deviation in the clip */
    int masks, mask_ms; /* stretches that become the channels' means: number, longest */
} mdg_augment_series_opts;

typedef struct mdg_augment_image_opts {
    float flip;       /* share of pictures that are mirrored, left to right */
    float shift;      /* up, down, left, right by up to this share of the side; the edges repeat */
    float zoom;       /* larger or smaller by up to this share */
    float rotate_deg; /* turn by up to this about the middle */
    float brightness; /* brighter or darker by up to this share of white */
    float contrast;   /* contrast higher or lower by up to this share */
    float cutout;     /* a square of up to this share of the shorter side becomes the picture's mean */
} mdg_augment_image_opts;

typedef struct mdg_augment_opts {
    int shift_ms;            /* shift in time by up to +- this */
    float gain_db;           /* gain by up to +- this */
    float speed;             /* play faster or slower by up to this fraction (pitch moves along) */
    float eq_db;             /* lift or lower bass and treble, each by up to +- this; the corner varies */
    float noise_probability; /* mix noise into this share of clips */
    float snr_min_db, snr_max_db;
    int time_masks, time_mask_frames; /* SpecAugment: number of masks, largest width */
    int freq_masks, freq_mask_bins;
    float pitch_semitones;  /* pitch up or down by up to this, at the same speed */
    float room_probability; /* this share of clips sounds as in a room */
    int room_ms;            /* in which sound dies away (60 dB) within up to this */
    mdg_augment_series_opts series;
    mdg_augment_image_opts image;
    float mixup;         /* share of clips whose features are mixed with those of another one */
    float between_class; /* share of clips that are mixed with one of another class, sample by sample */
} mdg_augment_opts;

/* Writes n_out samples, a variation of clip, to out [n_out][channels]. With r NULL: the plain clip, centred,
 * cut or padded. Series and pictures are padded with their ends.
 *
 * Placement: a clip shorter than the window is centred and padded with zeros; of a longer one the loudest
 * part (by energy) is taken. Variation, in this order: speed and shift; pitch; room; noise from
 * set->backgrounds, or white or pink noise when there are none, with the SNR measured over the clip's own
 * samples in the window; bass and treble; gain. The result saturates. A clip of zeros gets no noise. Series
 * are varied in the order of mdg_augment_series_opts; of a picture, geometry comes first, then brightness and
 * contrast, then the cutout. */
void mdg_augment_clip(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts, mdg_rng *r,
                      int16_t *out, size_t n_out);

/* Where mdg_augment_clip, with the same options and the same r as it then was, puts the objects of a picture:
 * out [ n_objects], shares of the picture; the centre of some may lie outside. */
void mdg_augment_objects(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts,
                         const mdg_rng *r, mdg_object *out);

/* SpecAugment masks on features [frames][width], in place; masked cells become `fill`. Widths are uniform
 * from 0 to the largest. */
void mdg_augment_features(const mdg_augment_opts *opts, mdg_rng *r, float *x, int frames, int width,
                          float fill);

#endif
