/* SPDX-License-Identifier: MIT
 *
 * Tables from which integer kernels interpolate. TFLM builds them with float on the device; here they are
 * built once, on the desktop.
 */
#include "lower/lower.h"

#include <math.h>

/* Entries of both tables are moved by half of the error that interpolation makes in the middle before the
 * next one. */

static double sigmoid_q16(double i) {
    return 65536.0 / (1.0 + exp(-i / 24.0));
}

int mdg_lo_sigmoid_table(mdg_lowering *lo) {
    enum { LAST = 255 };
    uint16_t *table = mdg_arena_array(lo->program->arena, LAST + 1, sizeof *table);
    for (int i = 0; i < LAST; i++) {
        const double error = (sigmoid_q16(i) + sigmoid_q16(i + 1)) / 2 - sigmoid_q16(i + 0.5);
        table[i] = (uint16_t)lround(sigmoid_q16(i) - error / 2);
    }
    table[LAST] = UINT16_MAX; /* behind it lies one */
    return mdg_lo_const(lo, "sigmoid", "uint16_t", table, (LAST + 1) * sizeof *table);
}

static int16_t saturated(float x) {
    return (int16_t)fminf(fmaxf(x, INT16_MIN), INT16_MAX);
}

/* TFLM's LUTPopulateInt16, with its order of float operations */
int mdg_lo_lookup_table_s16(mdg_lowering *lo, const char *name, float (*function)(float), float from,
                            float to) {
    enum { STEPS = 512 };
    const float unit = 2.0f / 65535.0f, per_unit = 65536.0f / (unit * 32767.0f - unit * -32768.0f);
    const float step = (to - from) / STEPS, half_step = step / 2;
    int16_t *table = mdg_arena_array(lo->program->arena, STEPS + 1, sizeof *table);
    for (int i = 0; i < STEPS; i++) {
        const float here = roundf(function(from + (float)i * step) * per_unit);
        const float middle = roundf(function(from + (float)i * step + half_step) * per_unit);
        const float next = function(from + (float)(i + 1) * step) * per_unit;
        const float error = roundf((next + here) / 2) - middle;
        table[i] = saturated(here - roundf(error / 2));
    }
    table[STEPS] = saturated(roundf(function(to) * per_unit));
    return mdg_lo_const(lo, name, "int16_t", table, (STEPS + 1) * sizeof *table);
}
