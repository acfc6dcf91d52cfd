/* SPDX-License-Identifier: MIT
 *
 * oracle.h: the arithmetic of kernels written a second time, slowly and differently, and random data for it.
 */
#ifndef MDG_TEST_ORACLE_H
#define MDG_TEST_ORACLE_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "midge/kernel.h"
#include "util/arena.h"
#include "util/rng.h"

#define K(name, params, file) mdg_kernel_fn mdg_##name;
#include "midge/kernels.def"
#undef K

/* round(v / 2^n), halves away from zero, by magnitudes */
static inline int64_t oracle_shift_right(int64_t v, int n) {
    const int64_t magnitude = ((v < 0 ? -v : v) * 2 + ((int64_t)1 << n)) / ((int64_t)2 << n);
    return v < 0 ? -magnitude : magnitude;
}

/* TFLM's own wording of the doubling high multiply: a nudge by sign, a division that truncates. */
static inline int64_t oracle_high_mul(int64_t a, int64_t b) {
    const int64_t product = a * b, nudge = product >= 0 ? (1 << 30) : 1 - (1 << 30);
    return (product + nudge) / ((int64_t)1 << 31);
}

static inline int64_t oracle_requantize(int64_t x, int32_t mult, int32_t shift) {
    if (shift > 0) return oracle_high_mul(x * ((int64_t)1 << shift), mult);
    return oracle_shift_right(oracle_high_mul(x, mult), -shift);
}

/* The multiplier in 16 bits, one rounding, halves up */
static inline int64_t oracle_requantize_s64(int64_t x, int32_t mult, int32_t shift) {
    const int64_t whole = ((int64_t)mult + (1 << 15)) / (1 << 16), reduced = whole < 0x7FFF ? whole : 0x7FFF;
    const int64_t unit = (int64_t)1 << (15 - shift), twice = 2 * x * reduced + unit;
    return twice / (2 * unit) - (twice % (2 * unit) < 0);
}

/* What int16 activations become, by the width of bias and sum */
static inline int64_t oracle_rescale_s16(int64_t sum, int bits, int32_t mult, int32_t shift) {
    return bits == 64 ? oracle_requantize_s64(sum, mult, shift)
                      : oracle_requantize((int32_t)(uint32_t)(uint64_t)sum, mult, shift);
}

static inline int64_t oracle_clamp(int64_t x, int64_t lo, int64_t hi) {
    if (x > hi) x = hi;
    return x < lo ? lo : x;
}

static inline int32_t random_int(mdg_rng *r, int32_t lo, int32_t hi) {
    return (int32_t)((int64_t)lo + mdg_rng_below(r, (uint32_t)hi - (uint32_t)lo + 1));
}

/* Values over the whole range, the extremes often */
static inline int8_t *random_s8(mdg_rng *r, mdg_arena *a, int n) {
    int8_t *x = mdg_arena_alloc(a, (size_t)n);
    for (int i = 0; i < n; i++) {
        const int dice = random_int(r, 0, 9);
        x[i] = (int8_t)(dice == 0 ? -128 : dice == 1 ? 127 : random_int(r, -128, 127));
    }
    return x;
}

static inline int16_t *random_s16(mdg_rng *r, mdg_arena *a, int n) {
    int16_t *x = mdg_arena_array(a, (size_t)n, sizeof *x);
    for (int i = 0; i < n; i++) {
        const int dice = random_int(r, 0, 9);
        x[i] = (int16_t)(dice == 0 ? INT16_MIN : dice == 1 ? INT16_MAX : random_int(r, INT16_MIN, INT16_MAX));
    }
    return x;
}

/* A bias of 32 or 64 bits with small values; bias_at reads it. */
static inline void *random_bias(mdg_rng *r, mdg_arena *a, int n, int bits) {
    int32_t *narrow = mdg_arena_array(a, (size_t)n, sizeof *narrow);
    int64_t *wide = mdg_arena_array(a, (size_t)n, sizeof *wide);
    for (int i = 0; i < n; i++) wide[i] = narrow[i] = random_int(r, -100000, 100000);
    return bits == 64 ? (void *)wide : narrow;
}

static inline int64_t bias_at(const void *bias, int bits, int i) {
    return !bias ? 0 : bits == 64 ? ((const int64_t *)bias)[i] : ((const int32_t *)bias)[i];
}

static inline int32_t *random_s32(mdg_rng *r, mdg_arena *a, int n, int32_t lo, int32_t hi) {
    int32_t *x = mdg_arena_array(a, (size_t)n, sizeof *x);
    for (int i = 0; i < n; i++) x[i] = random_int(r, lo, hi);
    return x;
}

static inline float *random_f32(mdg_rng *r, mdg_arena *a, int n) {
    float *x = mdg_arena_array(a, (size_t)n, sizeof *x);
    for (int i = 0; i < n; i++) x[i] = mdg_rng_uniform(r, -2.0f, 2.0f);
    return x;
}

static inline int32_t random_mult(mdg_rng *r) {
    return random_int(r, 1 << 30, INT32_MAX);
}

static inline void assert_floats_near(const float *got, const double *want, int n, double tolerance) {
    for (int i = 0; i < n; i++)
        if (!(fabs((double)got[i] - want[i]) <= tolerance))
            fail_msg("element %d is %g, expected %g", i, (double)got[i], want[i]);
}

#endif
