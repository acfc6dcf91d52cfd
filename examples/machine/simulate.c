/* SPDX-License-Identifier: MIT
 *
 * simulate.c: vibration of a motor whose bearing is well, or whose ball, inner or outer race has a pit.
 *
 *     cc -O2 -o simulate simulate.c -lm
 *     ./simulate normal 10 inner_race 5 >samples.bin     10 s of one, then 5 s of the other, int16, 12 kHz,
 * 16 g
 *
 * Tones of rotation, blades and bars of the rotor, and noise through an all-pole filter for the way to the
 * sensor; where the bearing has a pit, a strike each time that something rolls over it, at the frequency that
 * the bearing's geometry gives at 1797 turns a minute. Tones and filters were fitted to the first halves of
 * recordings 1797_Normal, 1797_IR_7, 1797_ORat6_7 and 1797_B_7 of the CWRU Bearing Data Center: their
 * spectra, nothing else.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../noise.h"

enum { RATE = 12000, POLES = 24, MAX_TONES = 24 };

static const double pi = 3.14159265358979323846, steps_per_g = 32767.0 / 16;

typedef struct tone {
    double hz, g;
} tone;

typedef struct bearing {
    const char *name;
    double mean, noise;                 /* g */
    double strikes_hz, decay_ms, floor; /* floor: share of noise between strikes */
    double filter[POLES];
    tone tones[MAX_TONES]; /* the last ones 0 */
} bearing;

/* clang-format off */
static const bearing bearings[] = {
    {
        .name = "normal",
        .mean = 0.0123,
        .noise = 0.00735,
        .strikes_hz = 0,
        .decay_ms = 0,
        .floor = 1,
        .filter = {1.9583, -1.7954, 1.5850, -1.9178, 2.3126, -2.7296, 3.0727, -3.1086, 2.9940, -2.8833, 2.9847,
            -2.9643, 2.7148, -2.4387, 2.2529, -2.0726, 1.9659, -1.7259, 1.3639, -1.1031, 0.8694, -0.6765,
            0.5088, -0.2515},
        .tones = {{39.8, 0.0132}, {89.9, 0.0155}, {171.2, 0.0137}, {243.3, 0.0100}, {270.7, 0.0054},
            {298.2, 0.0036}, {351.6, 0.0055}, {359.2, 0.0161}, {496.3, 0.0036}, {1006.1, 0.0124},
            {1036.1, 0.0601}, {1047.6, 0.0106}, {1066.1, 0.0415}, {1096.0, 0.0203}, {1137.7, 0.0046},
            {1340.1, 0.0039}, {1518.8, 0.0024}, {1675.9, 0.0026}, {1713.4, 0.0011}, {2072.2, 0.0037},
            {2102.1, 0.0217}, {2132.0, 0.0011}, {2587.3, 0.0008}, {2956.4, 0.0007}},
    },
    {
        .name = "inner_race",
        .mean = 0.0145,
        .noise = 0.10409,
        .strikes_hz = 162.2,
        .decay_ms = 1.2,
        .floor = 0.15,
        .filter = {0.9115, -1.6529, 1.7392, -2.0256, 1.9133, -2.1734, 2.1232, -2.3258, 2.3350, -2.3664, 2.1531,
            -2.2810, 2.0447, -2.0240, 1.7515, -1.6857, 1.4049, -1.2190, 0.9848, -0.7203, 0.4733, -0.2212,
            0.0898, 0.0296},
        .tones = {{616.8, 0.0644}, {1161.7, 0.0595}, {1263.5, 0.0601}, {1323.3, 0.0754}, {2455.1, 0.0794},
            {2616.7, 0.1049}, {2718.6, 0.0665}, {2778.4, 0.0948}, {2880.3, 0.0956}, {2940.1, 0.0646},
            {3425.2, 0.0681}, {3586.8, 0.1342}},
    },
    {
        .name = "outer_race",
        .mean = 0.0278,
        .noise = 0.13510,
        .strikes_hz = 107.4,
        .decay_ms = 1.2,
        .floor = 0.1,
        .filter = {0.1740, -1.1974, 0.8544, -0.5039, 0.7186, -0.8444, 0.6065, -1.2598, 1.1862, -1.2289, 1.0605,
            -1.3379, 0.8291, -0.9957, 0.8867, -0.6936, 0.6022, -0.5843, 0.5212, -0.4464, 0.5475, -0.3653,
            0.1973, -0.2139},
        .tones = {{2583.4, 0.1315}, {2691.1, 0.1579}, {2798.7, 0.2259}, {2906.3, 0.2250}, {3014.0, 0.1348},
            {3229.3, 0.1639}, {3336.9, 0.2819}, {3396.6, 0.1155}, {3419.1, 0.1474}, {3444.6, 0.3320},
            {3552.3, 0.2499}, {3660.0, 0.1251}},
    },
    {
        .name = "ball",
        .mean = 0.0139,
        .noise = 0.03372,
        .strikes_hz = 141.2,
        .decay_ms = 3,
        .floor = 0.4,
        .filter = {1.1734, -1.9664, 2.5824, -2.4016, 2.6126, -2.7625, 2.5362, -2.7463, 2.6313, -2.5892, 2.6329,
            -2.7345, 2.7790, -2.6808, 2.3869, -2.2426, 1.7926, -1.4955, 1.2519, -0.7268, 0.4956, -0.2443,
            0.0261, -0.0505},
        .tones = {{688.3, 0.0181}, {1436.7, 0.0255}, {2584.4, 0.0152}, {2691.8, 0.0205}, {2751.5, 0.0157},
            {2800.3, 0.0163}, {2939.6, 0.0180}, {3014.9, 0.0200}, {3041.6, 0.0178}, {3231.3, 0.0362},
            {3445.7, 0.0316}, {3526.2, 0.0260}},
    },
};
/* clang-format on */

typedef struct motor {
    uint32_t random;
    double past[POLES]; /* of the filter, the newest first */
    double since_s;     /* since the last strike */
    double next_s;
    long samples;
} motor;

static double filtered_noise(motor *m, const bearing *b) {
    double y = b->noise * gaussian(&m->random);
    for (int i = 0; i < POLES; i++) y += b->filter[i] * m->past[i];
    memmove(m->past + 1, m->past, sizeof m->past - sizeof *m->past);
    m->past[0] = y;
    return y;
}

/* How strong the noise is now: strikes fade, and come a hundredth too early or late. */
static double envelope(motor *m, const bearing *b) {
    if (b->strikes_hz <= 0) return 1;
    m->since_s += 1.0 / RATE;
    if (m->since_s >= m->next_s) {
        m->since_s -= m->next_s;
        m->next_s = (1 + 0.01 * gaussian(&m->random)) / b->strikes_hz;
    }
    return fmax(b->floor, exp(-m->since_s * 1000 / b->decay_ms));
}

/* The root of the mean square of the envelope over one period, so that strikes do not change the power */
static double envelope_level(const bearing *b) {
    double sum = 0;
    const int n = b->strikes_hz > 0 ? (int)(RATE / b->strikes_hz) : 0;
    for (int i = 0; i < n; i++) sum += pow(fmax(b->floor, exp(-i * 1000.0 / RATE / b->decay_ms)), 2);
    return n ? sqrt(sum / n) : 1;
}

static double tones(const motor *m, const bearing *b) {
    double sum = 0;
    for (int i = 0; i < MAX_TONES; i++)
        sum += b->tones[i].g * sin(2 * pi * b->tones[i].hz * (double)m->samples / RATE + i * i);
    return sum;
}

static void turn(motor *m, const bearing *b, double seconds) {
    const double level = envelope_level(b);
    for (long n = lrint(seconds * RATE); n > 0; n--, m->samples++) {
        const double g = b->mean + filtered_noise(m, b) * envelope(m, b) / level + tones(m, b);
        const int16_t sample = (int16_t)lrint(fmin(fmax(g * steps_per_g, -32768), 32767));
        fwrite(&sample, sizeof sample, 1, stdout);
    }
}

int main(int argc, char **argv) {
    motor m = {.random = 1};
    for (int i = 1; i + 1 < argc; i += 2) {
        const size_t n = sizeof bearings / sizeof *bearings;
        size_t k = 0;
        while (k < n && strcmp(bearings[k].name, argv[i]) != 0) k++;
        if (k == n) {
            fprintf(stderr, "simulate: %s is none of normal, inner_race, outer_race, ball\n", argv[i]);
            return 1;
        }
        turn(&m, &bearings[k], strtod(argv[i + 1], NULL));
    }
    return 0;
}
