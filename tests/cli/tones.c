/* SPDX-License-Identifier: MIT
 *
 * tones.c: a data set that any classifier must learn: tones of 300 to 500 Hz, tones of 1.5 to 2.5 kHz, and
 * noise; with some noise on all of them. The same files every time.
 *
 *     tones FOLDER N        N clips of 0.25 s, 8 kHz in each of FOLDER/low, FOLDER/high, FOLDER/noise
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { RATE = 8000, SAMPLES = RATE / 4 };

static uint32_t random_state = 1;

static double random_unit(void) {
    random_state = random_state * 1664525u + 1013904223u;
    return (double)(random_state >> 8) / (double)(1u << 24);
}

static void put(uint8_t *at, uint32_t value, int bytes) {
    for (int i = 0; i < bytes; i++) at[i] = (uint8_t)(value >> (8 * i));
}

static int write_wav(const char *path, const int16_t *samples) {
    uint8_t header[44] = "RIFF....WAVEfmt ";
    put(header + 4, 36 + 2 * SAMPLES, 4);
    put(header + 16, 16, 4);
    put(header + 20, 1, 2);
    put(header + 22, 1, 2);
    put(header + 24, RATE, 4);
    put(header + 28, 2 * RATE, 4);
    put(header + 32, 2, 2);
    put(header + 34, 16, 2);
    memcpy(header + 36, "data", 4);
    put(header + 40, 2 * SAMPLES, 4);
    FILE *f = fopen(path, "wb");
    if (!f) return 1;
    fwrite(header, 1, sizeof header, f);
    fwrite(samples, 2, SAMPLES, f);
    return fclose(f);
}

/* A clip of a tone between lo and hi Hz; lo = 0: noise alone. */
static void make_clip(double lo, double hi, int16_t *out) {
    const double hz = lo + (hi - lo) * random_unit(), tone = lo > 0 ? 6000 * (0.5 + random_unit()) : 0;
    const double noise = lo > 0 ? 300 : 4000;
    for (int i = 0; i < SAMPLES; i++)
        out[i] = (int16_t)(tone * sin(6.283185307 * hz * i / RATE) + noise * (2 * random_unit() - 1));
}

static int make_class(const char *folder, const char *name, double lo, double hi, int n) {
    char path[4096];
    int16_t samples[SAMPLES];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    mkdir(path, 0777);
    for (int i = 0; i < n; i++) {
        make_clip(lo, hi, samples);
        snprintf(path, sizeof path, "%s/%s/s%d_%d.wav", folder, name, i % 4, i);
        if (write_wav(path, samples) != 0) return 1;
    }
    return 0;
}

int main(int argc, char **argv) {
    if (argc != 3) return 2;
    const int n = atoi(argv[2]);
    mkdir(argv[1], 0777);
    return make_class(argv[1], "low", 300, 500, n) || make_class(argv[1], "high", 1500, 2500, n) ||
           make_class(argv[1], "noise", 0, 0, n);
}
