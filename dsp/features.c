/* SPDX-License-Identifier: MIT
 *
 * Samples that arrive in pieces of any size, to the model's input: a window of samples that moves by a hop,
 * and a ring of quantised rows, which costs nothing per row and one copy per inference.
 */
#include <string.h>

#include "midge/copy_words.h"
#include "midge/features.h"

MDG_KERNEL void mdg_features_quantize(const mdg_features *f, const int32_t *mult, const int32_t *offset,
                                      const int16_t *in, int8_t *out) {
    for (int32_t k = 0; k < f->width; k++) {
        const int64_t q = ((int64_t)in[k] * mult[k] + offset[k] + (INT32_C(1) << 15)) >> 16;
        out[k] = (int8_t)(q < -128 ? -128 : q > 127 ? 127 : q);
    }
}

static inline int32_t stream_min(int32_t a, int32_t b) {
    return a < b ? a : b;
}

MDG_KERNEL void mdg_features_copy(void *to, const void *from, int32_t bytes) {
    mdg_copy_words((uint8_t *)to, (const uint8_t *)from, bytes);
}

/* samples of all channels */
static inline void stream_copy_samples(const mdg_features *f, int16_t *to, const int16_t *from, int32_t n) {
    mdg_features_copy(to, from, n * f->channels * (int32_t)sizeof(int16_t));
}

/* The window's samples to one row of the ring. */
static inline void stream_row(const mdg_features_stream *s, int8_t *row) {
    const mdg_features *f = s->features;
    int16_t *values = (int16_t *)s->scratch + (f->scratch_bytes / 2 - f->width); /* scratch ends in a row */
    f->frame(f, s->samples, s->state, s->scratch, values);
    mdg_features_quantize(f, s->mult, s->offset, values, row);
}

/* Drops the oldest hop of samples. The pieces of one hop that move do not overlap. */
static inline void stream_advance(mdg_features_stream *s) {
    const mdg_features *f = s->features;
    const int32_t window = f->window, hop = f->hop;
    for (int32_t to = 0; to + hop < window; to += hop) {
        const int32_t n = stream_min(hop, window - hop - to);
        stream_copy_samples(f, s->samples + to * f->channels, s->samples + (to + hop) * f->channels, n);
    }
    s->n_samples = hop < window ? window - hop : 0;
    s->skip = hop < window ? 0 : hop - window;
}

MDG_KERNEL void mdg_features_start(mdg_features_stream *s) {
    const mdg_features *f = s->features;
    memset(s->samples, 0, (size_t)(f->window * f->channels) * sizeof(int16_t));
    if (f->state_bytes) memset(s->state, 0, (size_t)f->state_bytes);
    stream_row(s, s->rows);
    if (f->state_bytes) memset(s->state, 0, (size_t)f->state_bytes);
    for (int32_t i = 1; i < f->frames; i++) memcpy(s->rows + i * f->width, s->rows, (size_t)f->width);
    s->n_samples = s->skip = s->n_rows = s->next_row = s->fresh = 0;
}

MDG_KERNEL int32_t mdg_features_push(mdg_features_stream *s, const int16_t *samples, int32_t n) {
    const mdg_features *f = s->features;
    const int32_t passed = stream_min(n, s->skip);
    const int32_t taken = stream_min(n - passed, f->window - s->n_samples);
    stream_copy_samples(f, s->samples + s->n_samples * f->channels, samples + passed * f->channels, taken);
    if (f->filter) f->filter(f, s->state, s->samples + s->n_samples * f->channels, taken);
    s->skip -= passed;
    s->n_samples += taken;
    s->fresh = s->n_samples == f->window;
    if (!s->fresh) return passed + taken;

    stream_row(s, s->rows + s->next_row * f->width);
    s->next_row = s->next_row + 1 == f->frames ? 0 : s->next_row + 1;
    s->n_rows = stream_min(s->n_rows + 1, f->frames);
    stream_advance(s);
    return passed + taken;
}

MDG_KERNEL void mdg_features_read(const mdg_features_stream *s, int8_t *input) {
    const int32_t width = s->features->width;
    const int32_t older = (s->features->frames - s->next_row) * width, newer = s->next_row * width;
    mdg_features_copy(input, s->rows + newer, older);
    mdg_features_copy(input + older, s->rows, newer);
}
