/* SPDX-License-Identifier: MIT
 *
 * observer.h: what the values of a tensor look like, and which range to quantise. Private to host/quant.
 *
 * Two passes: first the extremes, then, for methods that may cut, a histogram between them.
 */
#ifndef MDG_QUANT_OBSERVER_H
#define MDG_QUANT_OBSERVER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "util/arena.h"

enum { MDG_OBSERVER_BINS = 2048 };

typedef enum mdg_range_method { MDG_RANGE_MINMAX, MDG_RANGE_PERCENTILE, MDG_RANGE_MSE } mdg_range_method;

typedef struct mdg_observer {
    float lo, hi;
    uint64_t n;
    bool has_nonfinite;
    bool trained;   /* lo and hi are those of training, not of the samples */
    uint64_t *bins; /* [MDG_OBSERVER_BINS] over lo..hi, in the second pass */
} mdg_observer;

void mdg_observer_extremes(mdg_observer *o, const float *x, size_t n);
void mdg_observer_start_histogram(mdg_observer *o, mdg_arena *arena);
void mdg_observer_count(mdg_observer *o, const float *x, size_t n);

/* percentile: share kept, in percent. */
void mdg_observer_range(const mdg_observer *o, mdg_range_method method, float percentile, float *lo,
                        float *hi);

#endif
