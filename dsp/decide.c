/* SPDX-License-Identifier: MIT
 *
 * Scores to events: a running mean, thresholds with hysteresis, a count and a pause.
 */
#include "midge/decide.h"

#include <string.h>

/* In the caller's memory: the head, sums [n_classes], over [n_classes], scores [smoothing][n_classes] */
typedef struct decide_state {
    int32_t next;  /* of the scores: the oldest are there */
    int32_t pause; /* inferences until an event may be */
    int16_t best;  /* class that leads, and how often in a row it has reached its threshold */
    int16_t hits;
} decide_state;

static inline int16_t *decide_sums(void *memory) {
    return (int16_t *)(void *)((decide_state *)memory + 1);
}

/* Whether a class was an event and has not fallen below its lower threshold since */
static inline int16_t *decide_held(const mdg_decide *d, void *memory) {
    return decide_sums(memory) + d->n_classes;
}

static inline int8_t *decide_scores(const mdg_decide *d, void *memory) {
    return (int8_t *)(void *)(decide_held(d, memory) + d->n_classes);
}

MDG_KERNEL void mdg_decide_start(const mdg_decide *d, void *memory) {
    decide_state *s = (decide_state *)memory;
    s->next = s->pause = 0;
    s->best = -1;
    s->hits = 0;
    for (int32_t c = 0; c < d->n_classes; c++) {
        decide_sums(memory)[c] = (int16_t)(INT8_MIN * d->smoothing);
        decide_held(d, memory)[c] = 0;
    }
    memset(decide_scores(d, memory), INT8_MIN, (size_t)(d->n_classes * d->smoothing));
}

/* Takes the scores into the sums; returns the class that leads. */
static inline int32_t decide_add(const mdg_decide *d, void *memory, const int8_t *scores) {
    decide_state *s = (decide_state *)memory;
    int16_t *sums = decide_sums(memory), *held = decide_held(d, memory);
    int8_t *oldest = decide_scores(d, memory) + s->next * d->n_classes;
    int32_t best = 0;
    for (int32_t c = 0; c < d->n_classes; c++) {
        sums[c] = (int16_t)(sums[c] + scores[c] - oldest[c]);
        oldest[c] = scores[c];
        if (sums[c] < d->off[c] * d->smoothing) held[c] = 0;
        if (sums[c] > sums[best]) best = c;
    }
    s->next = s->next + 1 == d->smoothing ? 0 : s->next + 1;
    return best;
}

MDG_KERNEL int32_t mdg_decide_next(const mdg_decide *d, void *memory, const int8_t *scores) {
    decide_state *s = (decide_state *)memory;
    const int32_t best = decide_add(d, memory, scores);
    const int reached = decide_sums(memory)[best] >= d->on[best] * d->smoothing;
    if (s->pause > 0) s->pause--;
    if (!reached || best != s->best) s->hits = 0;
    s->best = (int16_t)best;
    if (!reached) return -1;
    if (s->hits < d->count) s->hits++;
    if (s->hits < d->count || s->pause > 0 || decide_held(d, memory)[best]) return -1;
    decide_held(d, memory)[best] = 1;
    s->pause = d->refractory;
    return best;
}
