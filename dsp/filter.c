/* SPDX-License-Identifier: MIT
 *
 * A cascade of second-order sections in direct form I. Values between sections are 32 bits with 12 bits
 * behind the sample's step. What rounding takes off one value goes into the next one, so that the poles close
 * to 1 of a low edge do not turn it into an offset.
 */
#include "midge/filter.h"

enum { FRACTION = 12 };

/* One section, one channel: x before, and the one before that; y likewise; what rounding took off */
typedef struct filter_section {
    int32_t x1, x2, y1, y2, rest;
} filter_section;

static inline int32_t filter_step(const int32_t *k, filter_section *s, int32_t x) {
    const int64_t sum = (int64_t)k[0] * x + (int64_t)k[1] * s->x1 + (int64_t)k[2] * s->x2 -
                        (int64_t)k[3] * s->y1 - (int64_t)k[4] * s->y2 + s->rest;
    const int32_t y = (int32_t)(sum >> MDG_FILTER_SHIFT);
    s->rest = (int32_t)(sum & (((int64_t)1 << MDG_FILTER_SHIFT) - 1));
    s->x2 = s->x1;
    s->x1 = x;
    s->y2 = s->y1;
    s->y1 = y;
    return y;
}

/* As if the first sample had always been there */
static inline void filter_prime(const mdg_features *f, filter_section *s, int32_t x) {
    const int32_t *k = f->sections;
    for (int32_t i = 0; i < f->n_sections; i++, k += MDG_FILTER_VALUES, s++) {
        s->x1 = s->x2 = x;
        if (!k[5]) x = 0;
        s->y1 = s->y2 = x;
        s->rest = 0;
    }
}

MDG_KERNEL void mdg_filter(const mdg_features *f, void *state, int16_t *samples, int32_t n) {
    const int32_t at = f->state_bytes - MDG_FILTER_BYTES(f->n_sections, f->channels);
    int32_t *primed = (int32_t *)(void *)((char *)state + at);
    filter_section *all = (filter_section *)(void *)(primed + 1);
    const int32_t round = INT32_C(1) << (FRACTION - 1);
    for (int32_t c = 0; n > 0 && !*primed && c < f->channels; c++)
        filter_prime(f, all + c * f->n_sections, samples[c] * (1 << FRACTION));
    if (n > 0) *primed = 1;
    for (int32_t i = 0; i < n; i++) {
        filter_section *s = all;
        for (int32_t c = 0; c < f->channels; c++, samples++) {
            const int32_t *k = f->sections;
            int32_t x = *samples * (1 << FRACTION);
            for (int32_t j = 0; j < f->n_sections; j++, k += MDG_FILTER_VALUES) x = filter_step(k, s++, x);
            x = (x + round) >> FRACTION;
            *samples = (int16_t)(x > INT16_MAX ? INT16_MAX : x < INT16_MIN ? INT16_MIN : x);
        }
    }
}
