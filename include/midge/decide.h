/* SPDX-License-Identifier: MIT
 *
 * decide.h: from the scores of a model that looks again and again to events: "alexa", once.
 *
 *     mdg_decide_start(&d, memory);
 *     for (;;) {                                     // after each inference
 *         const int32_t event = mdg_decide_next(&d, memory, scores);
 *         if (event >= 0) say(labels[event]);
 *     }
 *
 * Scores are averaged over the last `smoothing` inferences. The class with the highest average has to reach
 * its threshold `count` times in a row; then it is an event, and no other follows for `refractory`
 * inferences. A class has to fall below its lower threshold before it can be an event again. Memory: the
 * caller's, MDG_DECIDE_BYTES, 4-aligned. Threads: re-entrant.
 */
#ifndef MIDGE_DECIDE_H
#define MIDGE_DECIDE_H

#include <stdint.h>

#include "midge/config.h"

/* smoothing: 1 to 255. on, off [n_classes]: averages from which a class counts, and below which it is over; a
 * class with `on` above 127 is never an event (background, unknown). */
typedef struct mdg_decide {
    int32_t n_classes, smoothing, count, refractory;
    const int16_t *on;
    const int16_t *off;
} mdg_decide;

/* What is kept: numbers, then for each class a sum, and for each inference the scores */
#define MDG_DECIDE_BYTES(n_classes, smoothing) (12 + 4 * (n_classes) + (n_classes) * (smoothing))

MDG_KERNEL void mdg_decide_start(const mdg_decide *d, void *memory);

/* scores [n_classes]. Returns the class of an event that begins, or -1. */
MDG_KERNEL int32_t mdg_decide_next(const mdg_decide *d, void *memory, const int8_t *scores);

#endif
