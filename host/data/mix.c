/* SPDX-License-Identifier: MIT */
#include "data/mix.h"

#include <math.h>

static int16_t rounded(float x) {
    return (int16_t)lrintf(fminf(fmaxf(x, -32768.0f), 32767.0f));
}

static double level(const int16_t *x, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += (double)x[i] * x[i];
    return sqrt(sum);
}

static void blend(int16_t *a, const int16_t *b, size_t n, float of_a, float of_b) {
    for (size_t i = 0; i < n; i++) a[i] = rounded(of_a * (float)a[i] + of_b * (float)b[i]);
}

/* The factor p of a, 1 - p of b, makes their levels stand as share to 1 - share; the sum of two sounds that
 * have nothing to do with each other has the root of the squares' sum as its level. */
void mdg_mix_sound(int16_t *a, const int16_t *b, size_t n, float share) {
    const double level_a = level(a, n), level_b = level(b, n), s = (double)share;
    const double heard_a = s * level_b, heard_b = (1.0 - s) * level_a;
    const double p = heard_a + heard_b > 0 ? heard_a / (heard_a + heard_b) : s;
    const double size = sqrt(p * p + (1.0 - p) * (1.0 - p));
    blend(a, b, n, (float)(p / size), (float)((1.0 - p) / size));
}

void mdg_mix_series(int16_t *a, const int16_t *b, size_t n, float share) {
    blend(a, b, n, share, 1.0f - share);
}
