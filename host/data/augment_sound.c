/* SPDX-License-Identifier: MIT
 *
 * augment_sound.c: pitch without speed, and rooms. Both only look back, so they work in place from the end.
 */
#include <math.h>

#include "data/augment_parts.h"

enum { GRAIN_MS = 40, REFLECTIONS = 256 };

/* x at i - delay, 0 before the start; reads nothing behind i. */
static float delayed(const int16_t *x, size_t i, float delay) {
    const size_t whole = (size_t)delay;
    const float t = delay - (float)whole;
    const float now = whole <= i ? (float)x[i - whole] : 0.0f;
    const float before = whole + 1 <= i ? (float)x[i - whole - 1] : 0.0f;
    return now + t * (before - now);
}

/* Two taps glide along a delay line, which shifts their pitch; each fades out before it jumps back. */
void mdg_augment_pitch(float semitones, int sample_rate, mdg_rng *r, int16_t *x, size_t n) {
    const float factor = powf(2.0f, mdg_rng_uniform(r, -semitones, semitones) / 12);
    const double grain = (double)sample_rate * GRAIN_MS / 1000;
    if (semitones <= 0) return;
    for (size_t i = n; i-- > 0;) {
        double turns = (double)i * (1 - (double)factor) / grain;
        turns -= floor(turns);
        const double other = turns < 0.5 ? turns + 0.5 : turns - 0.5;
        const float weight = (float)(turns < 0.5 ? 2 * turns : 2 - 2 * turns);
        x[i] = mdg_saturate(weight * delayed(x, i, (float)(turns * grain)) +
                            (1 - weight) * delayed(x, i, (float)(other * grain)));
    }
}

typedef struct room {
    size_t delay[REFLECTIONS];
    float gain[REFLECTIONS];
    float direct;
} room;

/* Sparse pulses of either sign, one in each stretch of time ("velvet noise"), that fall by 60 dB over
 * `length` samples. Reflections have up to the energy of the direct sound; the sum keeps its energy. */
static room draw_room(mdg_rng *r, size_t length, float wet) {
    room q;
    float energy = 0;
    for (int k = 0; k < REFLECTIONS; k++) {
        const float at = ((float)k + mdg_rng_uniform(r, 0, 1)) / REFLECTIONS;
        q.delay[k] = 1 + (size_t)(at * (float)length);
        q.gain[k] = powf(10, -3 * at) * (mdg_rng_below(r, 2) ? 1.0f : -1.0f);
        energy += q.gain[k] * q.gain[k];
    }
    q.direct = 1 / sqrtf(1 + wet);
    for (int k = 0; k < REFLECTIONS; k++) q.gain[k] *= q.direct * sqrtf(wet / energy);
    return q;
}

void mdg_augment_room(const mdg_augment_opts *opts, int sample_rate, mdg_rng *r, int16_t *x, size_t n) {
    const bool inside = mdg_rng_uniform(r, 0, 1) < opts->room_probability;
    const float longest = (float)opts->room_ms * (float)sample_rate / 1000;
    const size_t length = (size_t)mdg_rng_uniform(r, 0.2f * longest, longest);
    const float wet = mdg_rng_uniform(r, 0, 1);
    if (!inside) return;
    const room q = draw_room(r, length, wet);
    for (size_t i = n; i-- > 0;) {
        float sum = q.direct * (float)x[i];
        for (int k = 0; k < REFLECTIONS && q.delay[k] <= i; k++) sum += q.gain[k] * (float)x[i - q.delay[k]];
        x[i] = mdg_saturate(sum);
    }
}
