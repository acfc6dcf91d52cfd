/* SPDX-License-Identifier: MIT
 *
 * layers_base.h: what random layers are made of: a program, its inputs and outputs, constants, factors.
 */
#ifndef MDG_TEST_LAYERS_BASE_H
#define MDG_TEST_LAYERS_BASE_H

#include <string.h>

#include "core/oracle.h"
#include "lower/program.h"

enum { LAYER_SLACK = 4 }; /* bytes behind inputs and outputs, so that they can be moved off their alignment */

typedef struct layers {
    mdg_rng *rng;
    mdg_program program;
} layers;

static inline int layers_buffer(layers *l, mdg_buffer_kind kind, const char *element, size_t bytes,
                                const void *data) {
    return mdg_program_add_buffer(&l->program, kind, "t", element, bytes, data);
}

/* Weights are seldom -128, which TFLite does not use and packed words may not hold. Small ones have 5 bits or
 * 4, and then seldom -8; clustered ones 16 values at most. */
static inline const int8_t *layers_weights(layers *l, int n) {
    int8_t *w = random_s8(l->rng, l->program.arena, n);
    const bool is_symmetric = random_int(l->rng, 0, 9) > 0, is_small = random_int(l->rng, 0, 2) == 0;
    const int divisor = is_small ? 8 * random_int(l->rng, 1, 2) : 1;
    const int cluster = is_small || random_int(l->rng, 0, 2) > 0 ? 1 : random_int(l->rng, 17, 40);
    for (int i = 0; i < n; i++) {
        if (is_symmetric && w[i] == -128) w[i] = -127;
        w[i] = (int8_t)(w[i] / divisor / cluster * cluster);
    }
    return w;
}

/* The layer's input and output, as the program's: elements of `size` bytes */
static inline void layers_io_of(layers *l, mdg_call *c, int size, int x_count, int y_count) {
    static const char *const types[] = {"int8_t", "int16_t"};
    mdg_program *p = &l->program;
    static const mdg_tensor tensor = {.name = "t", .type = MDG_INT8};
    c->in[0] = layers_buffer(l, MDG_BUF_ARENA, types[size - 1], (size_t)(size * x_count) + LAYER_SLACK, NULL);
    c->out[0] =
        layers_buffer(l, MDG_BUF_ARENA, types[size - 1], (size_t)(size * y_count) + LAYER_SLACK, NULL);
    p->inputs[p->n_inputs++] = (mdg_io){c->in[0], &tensor};
    p->outputs[p->n_outputs++] = (mdg_io){c->out[0], &tensor};
}

static inline void layers_io(layers *l, mdg_call *c, int x_count, int y_count) {
    layers_io_of(l, c, 1, x_count, y_count);
}

static inline void layers_const(layers *l, mdg_call *c, const char *element, const void *data, size_t bytes) {
    mdg_call_add_in(c, data ? layers_buffer(l, MDG_BUF_CONST, element, bytes, data) : -1);
}

/* Biases and factors of `n` channels whose sums have some 2^bits */
static inline void layers_factors(layers *l, mdg_call *c, int n, int bits, bool per_channel) {
    mdg_rng *r = l->rng;
    mdg_arena *a = l->program.arena;
    const int32_t limit = 1 << (bits < 28 ? bits : 28);
    int32_t *bias = random_int(r, 0, 3) ? random_s32(r, a, n, -limit, limit) : NULL;
    if (bias && random_int(r, 0, 4) == 0)
        bias[random_int(r, 0, n - 1)] = random_int(r, -(1 << 30), (1 << 30) - 1);
    layers_const(l, c, "int32_t", bias, 4u * (size_t)n);
    if (!per_channel) return;
    const int32_t low = random_int(r, 0, 9) ? 8 - bits : -16, high = random_int(r, 0, 19) ? low + 3 : 1;
    layers_const(l, c, "int32_t", random_s32(r, a, n, 1 << 30, INT32_MAX), 4u * (size_t)n);
    layers_const(l, c, "int32_t", random_s32(r, a, n, low < high ? low : high, low < high ? high : low),
                 4u * (size_t)n);
}

static inline void layers_range(mdg_rng *r, int32_t *zero, int32_t *min, int32_t *max) {
    const int dice = random_int(r, 0, 3);
    *zero = dice == 0 ? random_int(r, -128, 127) : -128;
    *min = -128, *max = 127;
    if (dice == 1) *max = random_int(r, -127, 127);
    if (dice == 2 && random_int(r, 0, 1)) *zero = random_int(r, -128, 100), *min = *zero;
}

#endif
