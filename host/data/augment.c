/* SPDX-License-Identifier: MIT */
#include "data/augment.h"

#include <math.h>
#include <string.h>

#include "data/augment_parts.h"
#include "data/background.h"
#include "data/noise.h"

enum { OWN_STREAM = 2 }; /* of the generator that all but the oldest variations draw from */

/* What one call varies; all drawn at once, in a fixed order, so that one option does not move the others. */
typedef struct variation {
    double speed;
    ptrdiff_t shift;
    float gain, bass, treble, corner; /* factors; corner: coefficient of the low-pass between them */
    bool noisy;
    float snr_db;
    mdg_rng noise;
} variation;

/* Where in the clip the window is centred, and where its samples lie in the window. */
typedef struct placement {
    double centre;
    size_t first, end;
} placement;

static float from_db(float db) {
    return powf(10.0f, db / 20.0f);
}

/* A one-pole low-pass whose corner lies between 300 Hz and 3 kHz, evenly on a logarithmic scale. */
static float corner_of(float position, int sample_rate) {
    const float hz = 300.0f * powf(10.0f, position);
    return 1.0f - expf(-6.2831853f * hz / (float)sample_rate);
}

static variation draw(const mdg_augment_opts *o, int sample_rate, mdg_rng *r) {
    variation v;
    const uint32_t shift = (uint32_t)((int64_t)o->shift_ms * sample_rate / 1000);
    v.speed = 1.0 + (double)mdg_rng_uniform(r, -o->speed, o->speed);
    v.shift = (ptrdiff_t)mdg_rng_below(r, 2 * shift + 1) - (ptrdiff_t)shift;
    v.gain = from_db(mdg_rng_uniform(r, -o->gain_db, o->gain_db));
    v.bass = from_db(mdg_rng_uniform(r, -o->eq_db, o->eq_db));
    v.treble = from_db(mdg_rng_uniform(r, -o->eq_db, o->eq_db));
    v.corner = corner_of(mdg_rng_uniform(r, 0.0f, 1.0f), sample_rate);
    v.noisy = mdg_rng_uniform(r, 0.0f, 1.0f) < o->noise_probability;
    v.snr_db = mdg_rng_uniform(r, o->snr_min_db, o->snr_max_db);
    v.noise = mdg_rng_of(mdg_rng_u64(r), 1);
    return v;
}

static float sample_at(const mdg_clip *clip, ptrdiff_t i) {
    return i < 0 || (size_t)i >= clip->n_samples ? 0.0f : (float)clip->samples[i];
}

/* Cubic through four neighbours (Catmull and Rom 1974); exact on whole positions. position > -1. */
static float interpolate(const mdg_clip *clip, double position) {
    const ptrdiff_t i = (ptrdiff_t)(position + 1.0) - 1;
    const float t = (float)(position - (double)i);
    const float b = sample_at(clip, i);
    if (t <= 0) return b;
    const float a = sample_at(clip, i - 1), c = sample_at(clip, i + 1), d = sample_at(clip, i + 2);
    return b + 0.5f * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
}

static size_t clamp_index(double x, size_t n) {
    return x <= 0 ? 0 : x >= (double)n ? n : (size_t)x;
}

/* out[i] is the clip at centre + (i - n_out / 2 - shift) * speed; at speed 1 that is a whole sample. */
static placement place(const mdg_clip *clip, double speed, ptrdiff_t shift, int16_t *out, size_t n_out) {
    placement p;
    const size_t start = mdg_audio_loudest(clip->samples, clip->n_samples, n_out);
    p.centre = (double)(clip->n_samples > n_out ? start + n_out / 2 : clip->n_samples / 2);
    const double middle = (double)(n_out / 2) + (double)shift;
    p.first = clamp_index(ceil(middle - p.centre / speed), n_out);
    p.end = clamp_index(ceil(middle + ((double)clip->n_samples - p.centre) / speed), n_out);
    memset(out, 0, n_out * sizeof *out);
    for (size_t i = p.first; i < p.end; i++)
        out[i] = mdg_saturate(interpolate(clip, p.centre + ((double)i - middle) * speed));
    return p;
}

/* Noise for the window: a stretch of a recording, round and round, or generated. */
typedef struct source {
    mdg_background recording; /* n 0: none */
    size_t position;
    mdg_noise noise;
} source;

static source open_source(const mdg_dataset *set, mdg_rng *r) {
    source s = {0};
    if (set->n_backgrounds) {
        const int n = mdg_background_count(set, MDG_SPLIT_TRAIN);
        s.recording = mdg_background_at(set, MDG_SPLIT_TRAIN, (int)mdg_rng_below(r, (uint32_t)n));
    }
    if (s.recording.n)
        s.position = mdg_rng_u64(r) % s.recording.n;
    else
        s.noise = mdg_noise_of(mdg_rng_u64(r), mdg_rng_below(r, 2) == 1);
    return s;
}

static float next_noise(source *s) {
    if (!s->recording.n) return mdg_noise_next(&s->noise);
    const float x = (float)s->recording.samples[s->position];
    s->position = s->position + 1 < s->recording.n ? s->position + 1 : 0;
    return x;
}

/* The factor that brings the noise of the window to the wanted distance from the clip's mean power. */
static float noise_factor(source s, const int16_t *x, size_t n, placement p, float snr_db) {
    double noise = 0, signal = 0;
    if (p.end == p.first) return 0;
    for (size_t i = p.first; i < p.end; i++) signal += (double)x[i] * x[i];
    for (size_t i = 0; i < n; i++) {
        const double v = (double)next_noise(&s);
        noise += v * v;
    }
    if (noise <= 0) return 0;
    return (float)sqrt(signal / (double)(p.end - p.first) * (double)n / noise) * from_db(-snr_db);
}

void mdg_augment_clip(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts, mdg_rng *r,
                      int16_t *out, size_t n_out) {
    static const mdg_augment_opts plain;
    const mdg_augment_opts *o = r ? opts : &plain;
    /* what was added later has a generator of its own, so that the draws of the others are as they were */
    mdg_rng own = mdg_rng_of(r ? r->state : 0, OWN_STREAM);
    if (set->opts->kind == MDG_DATA_SERIES) {
        mdg_augment_series(set, clip, &o->series, &own, out, n_out);
        return;
    }
    if (set->opts->kind == MDG_DATA_IMAGES) {
        mdg_augment_image(set, clip, &o->image, &own, out);
        return;
    }
    if (!r) {
        place(clip, 1.0, 0, out, n_out);
        return;
    }
    variation v = draw(opts, set->opts->sample_rate, r);
    const placement p = place(clip, v.speed, v.shift, out, n_out);
    mdg_augment_pitch(opts->pitch_semitones, set->opts->sample_rate, &own, out, n_out);
    mdg_augment_room(opts, set->opts->sample_rate, &own, out, n_out);
    source s = open_source(set, &v.noise);
    const float factor = v.noisy ? noise_factor(s, out, n_out, p, v.snr_db) : 0.0f;
    float low = 0;
    for (size_t i = 0; i < n_out; i++) {
        float x = out[i];
        if (factor > 0) x += factor * next_noise(&s);
        low += v.corner * (x - low);
        out[i] = mdg_saturate(v.gain * (v.bass * low + v.treble * (x - low)));
    }
}

void mdg_augment_objects(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_opts *opts,
                         const mdg_rng *r, mdg_object *out) {
    mdg_rng own = mdg_rng_of(r->state, OWN_STREAM);
    mdg_augment_image_objects(set, clip, &opts->image, &own, out);
}

/* A band of random width and place among n; returns its end. */
static int draw_band(mdg_rng *r, int widest, int n, int *first) {
    int width = (int)mdg_rng_below(r, (uint32_t)widest + 1);
    if (width > n) width = n;
    *first = (int)mdg_rng_below(r, (uint32_t)(n - width) + 1);
    return *first + width;
}

void mdg_augment_features(const mdg_augment_opts *opts, mdg_rng *r, float *x, int frames, int width,
                          float fill) {
    int first, end;
    for (int m = 0; m < opts->time_masks; m++) {
        end = draw_band(r, opts->time_mask_frames, frames, &first);
        for (int i = first * width; i < end * width; i++) x[i] = fill;
    }
    for (int m = 0; m < opts->freq_masks; m++) {
        end = draw_band(r, opts->freq_mask_bins, width, &first);
        for (int f = 0; f < frames; f++)
            for (int b = first; b < end; b++) x[f * width + b] = fill;
    }
}
