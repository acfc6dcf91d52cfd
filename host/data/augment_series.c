/* SPDX-License-Identifier: MIT
 *
 * augment_series.c: variations of numbers over time. Those of motion sensors are the ones that Um et al.
 * ("Data augmentation of wearable sensor data", ICMI 2017) found to help: turned, scaled, warped, jittered.
 */
#include <math.h>

#include "data/augment_parts.h"

typedef struct variation {
    double speed, shift; /* shift in samples, whole */
    float gain, jitter;
    float turn[3][3];
} variation;

/* Rotation by `angle` about an axis of any direction (Rodrigues' formula). */
static void draw_turn(mdg_rng *r, float degrees, float turn[3][3]) {
    const float a = mdg_rng_uniform(r, -degrees, degrees) * 0.017453293f, c = cosf(a), s = sinf(a);
    const float z = mdg_rng_uniform(r, -1, 1), around = mdg_rng_uniform(r, 0, 6.2831853f);
    const float flat = sqrtf(1 - z * z), u[3] = {flat * cosf(around), flat * sinf(around), z};
    const float cross[3][3] = {{0, -u[2], u[1]}, {u[2], 0, -u[0]}, {-u[1], u[0], 0}};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 3; k++)
            turn[i][k] = (i == k ? c : 0.0f) + s * cross[i][k] + (1 - c) * u[i] * u[k];
}

static int samples_of(int ms, int sample_rate) {
    return (int)((int64_t)ms * sample_rate / 1000);
}

static variation draw(const mdg_augment_series_opts *o, int sample_rate, mdg_rng *r) {
    variation v;
    const int shift = samples_of(o->shift_ms, sample_rate);
    v.shift = (double)mdg_rng_below(r, 2 * (uint32_t)shift + 1) - shift;
    v.gain = 1 + mdg_rng_uniform(r, -o->scale, o->scale);
    v.speed = 1 + (double)mdg_rng_uniform(r, -o->speed, o->speed);
    draw_turn(r, o->rotate_deg, v.turn);
    v.jitter = mdg_rng_uniform(r, 0, o->jitter);
    return v;
}

/* One sample of all channels at a position between two; the ends repeat. */
static void sample_at(const mdg_clip *clip, size_t channels, double position, float *x) {
    const double last = (double)(clip->n_samples - 1);
    position = position < 0 ? 0 : position > last ? last : position;
    const size_t i = (size_t)position, next = i + 1 < clip->n_samples ? i + 1 : i;
    const float t = (float)(position - (double)i);
    const int16_t *a = clip->samples + i * channels, *b = clip->samples + next * channels;
    for (size_t c = 0; c < channels; c++) x[c] = (float)a[c] + t * (float)(b[c] - a[c]);
}

/* All triples turn together, as the board does; in the unit of the columns, whose full scales may differ. */
static void turn_sample(const mdg_dataset *set, const variation *v, float *x) {
    for (int first = 0; first + 3 <= set->channels; first += 3) {
        const float *scale = set->full_scale + first, old[3] = {x[first], x[first + 1], x[first + 2]};
        for (int i = 0; i < 3; i++) {
            float sum = 0;
            for (int k = 0; k < 3; k++) sum += v->turn[i][k] * (old[k] * (scale[k] / scale[i]));
            x[first + i] = sum;
        }
    }
}

typedef struct moments {
    float mean, deviation;
} moments;

static moments channel_moments(const int16_t *x, size_t n, size_t channels) {
    double sum = 0, squares = 0;
    for (size_t i = 0; i < n; i++) {
        sum += x[i * channels];
        squares += (double)x[i * channels] * x[i * channels];
    }
    const double mean = sum / (double)n, variance = squares / (double)n - mean * mean;
    return (moments){(float)mean, variance > 0 ? (float)sqrt(variance) : 0.0f};
}

static void jitter_and_mask(const mdg_augment_series_opts *o, float jitter, int longest, mdg_rng *r,
                            int16_t *x, size_t n, size_t channels) {
    const uint64_t seed = mdg_rng_u64(r);
    for (size_t c = 0; c < channels; c++) {
        const moments m = channel_moments(x + c, n, channels);
        mdg_rng noise = mdg_rng_of(seed, c), places = mdg_rng_of(seed, MDG_DATA_MAX_CHANNELS);
        const float deviation = jitter * m.deviation;
        for (size_t i = 0; deviation > 0 && i < n; i++)
            x[i * channels + c] =
                mdg_saturate((float)x[i * channels + c] + deviation * mdg_rng_normal(&noise));
        for (int k = 0; k < o->masks; k++) { /* the same stretches in every channel */
            size_t width = mdg_rng_below(&places, (uint32_t)longest + 1);
            if (width > n) width = n;
            const size_t first = mdg_rng_below(&places, (uint32_t)(n - width) + 1);
            for (size_t i = first; i < first + width; i++) x[i * channels + c] = mdg_saturate(m.mean);
        }
    }
}

void mdg_augment_series(const mdg_dataset *set, const mdg_clip *clip, const mdg_augment_series_opts *opts,
                        mdg_rng *r, int16_t *out, size_t n_out) {
    const size_t channels = (size_t)set->channels, n = clip->n_samples;
    const int rate = set->opts->sample_rate;
    const variation v = draw(opts, rate, r);
    const double middle = (double)(n_out / 2) + v.shift;
    /* as far into the clip as the middle of the window is when nothing varies */
    const double centre = (double)(n_out / 2) - (double)(n < n_out ? (n_out - n) / 2 : 0);
    for (size_t i = 0; i < n_out; i++) {
        float x[MDG_DATA_MAX_CHANNELS];
        sample_at(clip, channels, centre + ((double)i - middle) * v.speed, x);
        if (opts->rotate_deg > 0) turn_sample(set, &v, x);
        for (size_t c = 0; c < channels; c++) out[i * channels + c] = mdg_saturate(v.gain * x[c]);
    }
    jitter_and_mask(opts, v.jitter, samples_of(opts->mask_ms, rate), r, out, n_out, channels);
}
