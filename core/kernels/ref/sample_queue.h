/* SPDX-License-Identifier: MIT
 *
 * sample_queue.h: a first-in first-out of samples, which begins at the start of its memory.
 */
#ifndef MDG_REF_SAMPLE_QUEUE_H
#define MDG_REF_SAMPLE_QUEUE_H

#include <stdint.h>

static inline void mdg_samples_copy(int16_t *to, const int16_t *from, int32_t n) {
    for (int32_t i = 0; i < n; i++) to[i] = from[i];
}

/* How many samples are queued, if there is room for `more` of them; else none: a counter is state, which a
 * hostile model may have spoiled. */
static inline int32_t mdg_samples_queued(int32_t queued, int32_t more, int32_t capacity) {
    return queued >= 0 && queued <= capacity - more ? queued : 0;
}

/* Drops the first n of `count` samples. */
static inline void mdg_samples_drop(int16_t *queue, int32_t count, int32_t n) {
    mdg_samples_copy(queue, queue + n, count - n);
}

#endif
