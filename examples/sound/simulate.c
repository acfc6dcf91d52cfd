/* SPDX-License-Identifier: MIT
 *
 * simulate.c: sounds made up: some of kinds that recipes/esc10 knows, others that it does not.
 *
 *     cc -O2 -o simulate simulate.c -lm
 *     ./simulate 1 rain 10 melody 5 >samples.bin     10 s of one, then 5 s of the other, int16, 16 kHz
 *
 * The first number seeds all that is drawn: how high, how fast, how loud.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../noise.h"

enum { RATE = 16000 };

static const double pi = 3.14159265358979323846;

typedef struct sound {
    uint32_t random;
    double t;             /* s since it began */
    double base_hz, pace; /* drawn as it begins: pitch, and how often a second things happen */
    double level;         /* 0 to 1 */
    double phase, since_s, next_s, hz, strength;
    double low, slow; /* of filters */
} sound;

/* From low to high, as a ratio */
static double between(sound *s, double low, double high) {
    return low * pow(high / low, uniform(&s->random));
}

/* Whether something begins anew at this sample; at times that vary by `jitter` of their distance. */
static int begins(sound *s, double jitter) {
    s->since_s += 1.0 / RATE;
    if (s->since_s < s->next_s) return 0;
    s->since_s = 0;
    s->next_s = (1 + jitter * (2 * uniform(&s->random) - 1)) / s->pace;
    return 1;
}

static double tone(sound *s, double hz) {
    s->phase += hz / RATE;
    s->phase -= floor(s->phase);
    return sin(2 * pi * s->phase);
}

/* Six harmonics of a tone, each `fall` of the one below it */
static double harmonics(sound *s, double hz, double fall) {
    double sum = tone(s, hz), share = 1;
    for (int k = 2; k <= 6; k++) sum += (share *= fall) * sin(2 * pi * s->phase * k);
    return 0.5 * sum;
}

/* Hiss, and drops upon it */
static double rain(sound *s) {
    if (begins(s, 1)) s->strength = 0.3 * uniform(&s->random);
    s->low += 0.55 * (gaussian(&s->random) - s->low);
    return 0.2 * s->low + s->strength * gaussian(&s->random) * exp(-s->since_s * 900);
}

/* Two clicks a second, of a short ringing each */
static double clock_tick(sound *s) {
    s->pace = 2;
    if (begins(s, 0)) s->hz = s->hz == 2900 ? 3300 : 2900;
    const double click = exp(-s->since_s * 350) * sin(2 * pi * s->hz * s->since_s);
    return 0.9 * click + 0.002 * gaussian(&s->random);
}

/* Waves that swell and fall */
static double sea_waves(sound *s) {
    s->low += 0.25 * (gaussian(&s->random) - s->low);
    const double swell = 0.5 - 0.5 * cos(2 * pi * s->t * 0.2);
    return (0.08 + 0.6 * swell * swell) * s->low;
}

/* Up and down between two pitches */
static double siren(sound *s) {
    return 0.6 * harmonics(s, s->base_hz * (1.5 + 0.5 * sin(2 * pi * s->t * s->pace * 0.25)), 0.3);
}

/* Notes of a scale that die away */
static double melody(sound *s) {
    static const int scale[] = {0, 2, 4, 7, 9, 12};
    if (begins(s, 0.1)) s->hz = s->base_hz * pow(2, scale[(int)(6 * uniform(&s->random))] / 12.0);
    return 0.7 * exp(-s->since_s * 3) * harmonics(s, s->hz, 0.5);
}

/* A pure tone, on and off */
static double beeps(sound *s) {
    begins(s, 0);
    return s->since_s * s->pace < 0.4 ? 0.5 * tone(s, 2 * s->base_hz) : 0;
}

/* A transformer or a refrigerator */
static double hum(sound *s) {
    s->slow += 0.0002 * (gaussian(&s->random) - s->slow);
    return 0.4 * harmonics(s, 0.25 * s->base_hz * (1 + 0.02 * s->slow), 0.7) + 0.01 * gaussian(&s->random);
}

/* Chirps upwards, a few in a row, as small birds make */
static double chirps(sound *s) {
    begins(s, 0.5);
    const double x = s->since_s * 12;
    return x < 1 ? 0.5 * sin(pi * x) * tone(s, 5 * s->base_hz * (1 + 0.6 * x)) : 0;
}

static const struct {
    const char *name;
    double (*sample)(sound *);
} kinds[] = {{"rain", rain},   {"clock_tick", clock_tick}, {"sea_waves", sea_waves},
             {"siren", siren}, {"melody", melody},         {"beeps", beeps},
             {"hum", hum},     {"chirps", chirps}};

static void make(sound *s, double (*sample)(sound *), double seconds) {
    s->base_hz = between(s, 250, 800);
    s->pace = between(s, 1.5, 5);
    s->level = between(s, 0.2, 0.8);
    for (long n = 0; n < lrint(seconds * RATE); n++) {
        s->t = (double)n / RATE;
        const int16_t value = (int16_t)lrint(32767 * fmin(fmax(s->level * sample(s), -1), 1));
        fwrite(&value, sizeof value, 1, stdout);
    }
}

int main(int argc, char **argv) {
    const size_t n = sizeof kinds / sizeof *kinds;
    uint32_t random = argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0;
    for (int i = 2; i + 1 < argc; i += 2) {
        sound s = {.random = random};
        size_t k = 0;
        while (k < n && strcmp(kinds[k].name, argv[i]) != 0) k++;
        if (k == n) {
            fprintf(stderr, "simulate: %s is none of", argv[i]);
            for (k = 0; k < n; k++) fprintf(stderr, " %s", kinds[k].name);
            fputc('\n', stderr);
            return 1;
        }
        make(&s, kinds[k].sample, strtod(argv[i + 1], NULL));
        random = s.random;
    }
    return 0;
}
