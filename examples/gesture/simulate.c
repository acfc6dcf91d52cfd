/* SPDX-License-Identifier: MIT
 *
 * simulate.c: movements of a wand, as its motion sensor gives them.
 *
 *     cc -O2 -o simulate simulate.c -lm
 *     ./simulate Revelio LocomotorCharm >samples.bin     a take of 119 rows each, int16: 4 g, 500 degrees a
 * second
 *
 * Each movement is a curve of ten cosines an axis, fitted to the mean of the training takes of
 * Magic_Wand_Data; each take is a little stronger or weaker, and noisy.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "../noise.h"

enum { ROWS = 119, AXES = 6, CURVES = 10 };

static const double pi = 3.14159265358979323846;

typedef struct gesture {
    const char *name;
    double curve[AXES][CURVES]; /* g, then degrees a second; the first is the mean */
} gesture;

/* clang-format off */
static const gesture gestures[] = {
    {"AlohomoraCharm",
     {{0.54, 0.04, 0.07, 0.12, 0.07, -0.01, -0.01, -0.01, -0.01, -0.01},
      {0.30, 0.12, 0.15, 0.13, -0.13, -0.12, -0.02, -0.03, -0.04, -0.02},
      {0.70, 0.07, 0.12, 0.26, 0.23, 0.01, 0.01, 0.02, 0.03, 0.03},
      {-3, -1, 2, 6, 4, -1, -2, -0, 1, -0},
      {3, 15, 9, 3, -18, -11, -4, -3, -3, -2},
      {5, 9, 5, 21, 14, -1, 1, 1, -0, -0}}},
    {"ArrestoMomentumCharm",
     {{0.30, -0.14, 0.21, -0.01, 0.36, 0.49, 0.03, -0.13, -0.10, 0.06},
      {0.17, 0.24, 0.10, 0.20, 0.45, 0.22, -0.14, -0.34, -0.25, -0.23},
      {0.75, 0.06, 0.18, 0.09, 0.74, 1.18, 0.06, -0.22, -0.18, 0.07},
      {-16, -7, 2, -12, 2, 15, 9, 6, -1, -0},
      {2, 27, 13, 36, 52, -49, -65, -22, -2, 4},
      {-13, 0, 11, -3, 17, 30, 25, 10, 2, 2}}},
    {"AvadaKedavra",
     {{-0.30, -0.52, 0.39, -0.02, -0.35, -0.16, -0.09, 0.05, 0.31, 0.28},
      {0.35, 0.05, 0.35, -0.20, -1.95, -1.40, 0.07, 0.00, -0.12, -0.03},
      {0.93, 0.00, -0.07, 0.03, -0.47, -0.55, -0.16, -0.18, -0.26, -0.14},
      {8, 1, 11, 32, 1, -18, -7, 1, -1, -6},
      {-33, -42, -21, -47, -32, 18, 17, 4, 9, 11},
      {29, 19, 46, 151, 51, -106, -65, -13, -21, -18}}},
    {"LocomotorCharm",
     {{0.56, 0.02, 0.00, 0.21, 0.40, -0.03, 0.13, 0.21, 0.10, 0.03},
      {0.15, -0.06, -0.52, 1.04, 0.27, -0.45, 0.01, -0.05, 0.16, -0.10},
      {0.58, -0.09, 0.36, 0.31, 0.71, 0.94, 0.15, 0.13, 0.11, 0.23},
      {-10, 35, -32, -16, 42, -9, -0, -1, -1, 6},
      {8, 45, 46, 25, 10, -39, -34, -20, -16, -18},
      {-11, 44, -55, -42, 74, 6, 0, 1, 5, 11}}},
    {"Revelio",
     {{0.59, -0.15, 0.30, 0.38, 0.23, -0.07, -0.04, 0.03, 0.01, -0.01},
      {0.21, 0.12, 0.22, 0.20, -0.42, -0.54, -0.15, -0.02, -0.08, -0.04},
      {0.55, 0.17, 0.41, 0.44, 0.63, 0.06, -0.24, 0.08, 0.09, -0.13},
      {-16, 2, 8, 24, 13, -7, 1, 2, 1, -3},
      {4, 51, 24, 3, -35, -50, -11, -4, -14, -12},
      {1, 7, 9, 39, 37, -8, -18, -7, -5, -5}}},
};
/* clang-format on */

static double value(const double *curve, int row, double strength) {
    double sum = 0;
    for (int k = 1; k < CURVES; k++) sum += curve[k] * cos(pi * k * (row + 0.5) / ROWS);
    return curve[0] + strength * sum;
}

static void take(const gesture *g, uint32_t *random) {
    const double strength = 1 + 0.1 * gaussian(random);
    for (int row = 0; row < ROWS; row++) {
        for (int axis = 0; axis < AXES; axis++) {
            const double full_scale = axis < 3 ? 4 : 500, noise = axis < 3 ? 0.03 : 3;
            const double v = value(g->curve[axis], row, strength) + noise * gaussian(random);
            const int16_t sample = (int16_t)lrint(fmin(fmax(v / full_scale, -1), 1) * 32767);
            fwrite(&sample, sizeof sample, 1, stdout);
        }
    }
}

int main(int argc, char **argv) {
    const size_t n = sizeof gestures / sizeof *gestures;
    uint32_t random = 1;
    for (int i = 1; i < argc; i++) {
        size_t k = 0;
        while (k < n && strcmp(gestures[k].name, argv[i]) != 0) k++;
        if (k == n) {
            fprintf(stderr, "simulate: %s is no gesture\n", argv[i]);
            return 1;
        }
        take(&gestures[k], &random);
    }
    return 0;
}
