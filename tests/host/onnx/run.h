/* SPDX-License-Identifier: MIT
 *
 * run.h: runs a sample in midge with bytes in ONNX's order, and gives its outputs in ONNX's order.
 */
#ifndef MDG_TEST_ONNX_RUN_H
#define MDG_TEST_ONNX_RUN_H

#include <math.h>
#include <stdio.h>

#include "exec/exec.h"
#include "onnx/onnx.h"
#include "tests/host/onnx/samples.h"

/* to[n][s][c] from from[n][c][s], or back; shape: of the channels-last side. */
static inline void run_swap(const mdg_shape *shape, size_t size, const uint8_t *from, uint8_t *to,
                            bool back) {
    const size_t batch = (size_t)shape->dim[0], channels = (size_t)shape->dim[shape->rank - 1];
    const size_t spots = (size_t)mdg_shape_elements(shape) / batch / channels;
    for (size_t n = 0; n < batch; n++)
        for (size_t c = 0; c < channels; c++)
            for (size_t s = 0; s < spots; s++) {
                const size_t first = (n * channels + c) * spots + s, last = (n * spots + s) * channels + c;
                memcpy(to + (back ? first : last) * size, from + (back ? last : first) * size, size);
            }
}

/* Random bytes for the sample's one input: uint8 as they are, float32 uniform in [-1, 1). */
static inline mdg_bytes run_input(mdg_arena *arena, const mdg_graph *g, uint64_t seed) {
    const mdg_subgraph *s = &g->subgraphs[0];
    const mdg_tensor *t = &s->tensors[s->inputs[0]];
    mdg_rng rng = mdg_rng_of(seed, 7);
    mdg_bytes b = {mdg_arena_alloc(arena, t->bytes), t->bytes};
    for (size_t i = 0; t->type == MDG_UINT8 && i < b.size; i++) b.data[i] = (uint8_t)mdg_rng_below(&rng, 256);
    for (size_t i = 0; t->type == MDG_FLOAT32 && i < b.size / sizeof(float); i++) {
        const float x = mdg_rng_uniform(&rng, -1, 1);
        memcpy(b.data + i * sizeof x, &x, sizeof x);
    }
    return b;
}

static inline size_t run_put(const mdg_tensor *t, bool is_map, bool back, const uint8_t *from, uint8_t *to) {
    if (is_map)
        run_swap(&t->shape, mdg_type_bits(t->type) / 8, from, to, back);
    else
        memcpy(to, from, t->bytes);
    return t->bytes;
}

/* All outputs, one after another. */
static inline mdg_bytes run_midge(mdg_arena *arena, const onnx_sample *sample, const mdg_graph *g,
                                  mdg_exec *x, const mdg_bytes *input) {
    const mdg_subgraph *s = &g->subgraphs[0];
    mdg_bytes out = {.size = 0};
    run_put(&s->tensors[s->inputs[0]], sample->input_is_map, false, input->data, mdg_exec_input(x, 0));
    mdg_exec_invoke(x, NULL);
    for (int i = 0; i < s->n_outputs; i++) out.size += mdg_exec_output_bytes(x, i);
    out.data = mdg_arena_alloc(arena, out.size);
    uint8_t *at = out.data;
    for (int i = 0; i < s->n_outputs; i++)
        at += run_put(&s->tensors[s->outputs[i]], sample->maps >> i & 1, true, mdg_exec_output(x, i), at);
    return out;
}

/* How two outputs differ: float32 relative to the largest of 1 and the value, quantised ones in steps. */
typedef struct run_difference {
    size_t n, equal;
    double largest;
} run_difference;

static inline void run_compare(const onnx_sample *sample, const mdg_graph *g, const mdg_bytes *got,
                               const mdg_bytes *want, run_difference *d) {
    const mdg_subgraph *s = &g->subgraphs[0];
    size_t at = 0;
    for (int k = 0; k < s->n_outputs; k++) {
        const mdg_tensor *t = &s->tensors[s->outputs[k]];
        const size_t size = mdg_type_bits(t->type) / 8;
        for (const size_t end = at + t->bytes; at < end; at += size) {
            float a = got->data[at], b = want->data[at];
            if (t->type == MDG_FLOAT32) {
                memcpy(&a, got->data + at, size);
                memcpy(&b, want->data + at, size);
            }
            const double step = (double)sample->step[k], difference = fabs((double)a - (double)b);
            const double relative = difference / (step > 0 ? step : fmax(1, fabs((double)b)));
            d->n++;
            d->equal += difference <= 1e-3 * step;
            if (!(relative <= d->largest)) d->largest = relative;
        }
    }
}

#endif
