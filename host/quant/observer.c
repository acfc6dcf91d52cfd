/* SPDX-License-Identifier: MIT */
#include "quant/observer.h"

#include <math.h>

#include "util/affine.h"

void mdg_observer_extremes(mdg_observer *o, const float *x, size_t n) {
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            o->has_nonfinite = true;
        else if (o->n++ == 0)
            o->lo = o->hi = x[i];
        else {
            o->lo = fminf(o->lo, x[i]);
            o->hi = fmaxf(o->hi, x[i]);
        }
    }
}

void mdg_observer_start_histogram(mdg_observer *o, mdg_arena *arena) {
    o->bins = mdg_arena_array(arena, MDG_OBSERVER_BINS, sizeof *o->bins);
}

void mdg_observer_count(mdg_observer *o, const float *x, size_t n) {
    const float width = o->hi - o->lo, bins_per_unit = width > 0.0f ? (float)MDG_OBSERVER_BINS / width : 0.0f;
    for (size_t i = 0; i < n; i++) {
        const int bin = (int)((x[i] - o->lo) * bins_per_unit);
        o->bins[bin < 0 ? 0 : bin >= MDG_OBSERVER_BINS ? MDG_OBSERVER_BINS - 1 : bin]++;
    }
}

static float bin_width(const mdg_observer *o) {
    return (o->hi - o->lo) / (float)MDG_OBSERVER_BINS;
}

static float bin_centre(const mdg_observer *o, int bin) {
    return o->lo + ((float)bin + 0.5f) * bin_width(o);
}

/* Cuts half of the share from each side; whole bins, so that never more is cut than asked. */
static void percentile_range(const mdg_observer *o, float percentile, float *lo, float *hi) {
    const double cut = (double)o->n * (1.0 - (double)percentile / 100.0) / 2.0;
    int first = 0, last = MDG_OBSERVER_BINS - 1;
    for (double sum = (double)o->bins[first]; sum <= cut && first < last; sum += (double)o->bins[first])
        first++;
    for (double sum = (double)o->bins[last]; sum <= cut && last > first; sum += (double)o->bins[last]) last--;
    *lo = o->lo + (float)first * bin_width(o);
    *hi = o->lo + (float)(last + 1) * bin_width(o);
}

static double squared_error(const mdg_observer *o, float lo, float hi) {
    const mdg_affine a = mdg_affine_of_range(lo, hi);
    double sum = 0.0;
    for (int bin = 0; bin < MDG_OBSERVER_BINS; bin++) {
        if (!o->bins[bin]) continue;
        const float x = bin_centre(o, bin);
        const float back = a.scale * (float)(mdg_affine_to_int8(a, x) - a.zero_point);
        sum += (double)o->bins[bin] * (double)(x - back) * (double)(x - back);
    }
    return sum;
}

/* Tries to draw `end` in, in steps of 2 % down to a fifth, and keeps what gives the least error. */
static void shrink_end(const mdg_observer *o, float *lo, float *hi, float *end, float whole) {
    double least = INFINITY;
    float best = whole;
    for (int percent = 100; percent >= 20; percent -= 2) {
        *end = whole * (float)percent / 100.0f;
        const double error = squared_error(o, *lo, *hi);
        if (error >= least) continue;
        least = error;
        best = *end;
    }
    *end = best;
}

/* One end after the other, twice, since the best place of one depends on the other. */
static void mse_range(const mdg_observer *o, float *lo, float *hi) {
    for (int round = 0; round < 2; round++) {
        if (o->hi > 0.0f) shrink_end(o, lo, hi, hi, o->hi);
        if (o->lo < 0.0f) shrink_end(o, lo, hi, lo, o->lo);
    }
}

void mdg_observer_range(const mdg_observer *o, mdg_range_method method, float percentile, float *lo,
                        float *hi) {
    *lo = o->lo;
    *hi = o->hi;
    if (o->hi <= o->lo) return;
    if (method == MDG_RANGE_PERCENTILE) percentile_range(o, percentile, lo, hi);
    if (method == MDG_RANGE_MSE) mse_range(o, lo, hi);
}
