/* SPDX-License-Identifier: MIT
 *
 * layers_recurrent.h: random layers that remember: SVDF and LSTM.
 */
#ifndef MDG_TEST_LAYERS_RECURRENT_H
#define MDG_TEST_LAYERS_RECURRENT_H

#include "host/specialize/layers_base.h"

static inline void layers_state(layers *l, mdg_call *c, int bytes) {
    mdg_call_add_out(c, layers_buffer(l, MDG_BUF_STATE, "int8_t", (size_t)bytes, NULL));
}

static inline void layers_rows(layers *l, mdg_call *c, int n) {
    layers_const(l, c, "int8_t", layers_weights(l, n), (size_t)n);
}

static inline mdg_call *layers_recurrent(layers *l, mdg_kernel_id kernel, const void *params) {
    mdg_call *c = mdg_program_add_call(&l->program, kernel, params);
    c->n_in = c->n_out = 1;
    return c;
}

static inline void layers_add_svdf(layers *l) {
    mdg_rng *r = l->rng;
    mdg_svdf_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const bool wide = random_int(r, 0, 1);
    *p = (mdg_svdf_params){.batches = random_int(r, 1, 2), .in_c = random_int(r, 1, 40)};
    p->units = random_int(r, 1, 9), p->rank = random_int(r, 1, 3), p->memory = random_int(r, 1, 13);
    p->in_zero = random_int(r, -128, 127), p->out_zero = random_int(r, -128, 127);
    p->state_zero = wide ? 0 : random_int(r, -128, 127);
    p->feature_mult = random_mult(r), p->feature_shift = random_int(r, -12, wide ? 0 : -4);
    p->out_mult = random_mult(r), p->out_shift = random_int(r, wide ? -16 : -10, -3);
    const int filters = p->units * p->rank, size = wide ? 2 : 1;
    mdg_call *c = layers_recurrent(l, wide ? MDG_K_svdf_s8_state16 : MDG_K_svdf_s8_state8, p);
    layers_io(l, c, p->batches * p->in_c, p->batches * p->units);
    layers_rows(l, c, filters * p->in_c);
    layers_rows(l, c, filters * p->memory * size);
    const int32_t *bias = random_s32(r, l->program.arena, p->units, -(1 << 14), 1 << 14);
    layers_const(l, c, "int32_t", random_int(r, 0, 2) ? bias : NULL, 4 * (size_t)p->units);
    layers_state(l, c, p->batches * filters * p->memory * size);
}

/* size: of an activation in bytes. Sums of int16 are some 2^9 times as large. */
static inline void layers_gates(mdg_rng *r, mdg_lstm_params *p, int size) {
    const int low = size == 2 ? -13 : -4, high = random_int(r, 0, 19) ? low + 6 : 2;
    for (int g = 0; g < 4; g++) {
        p->in_mult[g] = random_mult(r), p->in_shift[g] = random_int(r, low, high);
        p->hidden_mult[g] = random_mult(r), p->hidden_shift[g] = random_int(r, low, high);
    }
    p->cell_keep_mult = p->cell_add_mult = 1 << 30, p->cell_keep_shift = -14, p->cell_add_shift = -18;
    p->has_clip = random_int(r, 0, 1), p->cell_clip = random_int(r, 1, INT16_MAX);
    p->tanh_mult = 3, p->out_mult = random_mult(r);
    p->out_shift = -(size == 2 ? random_int(r, 13, 15) : random_int(r, 20, 23));
}

static inline void layers_gate_biases(layers *l, mdg_call *c, int units, int size) {
    mdg_arena *a = l->program.arena;
    for (int g = 0; g < 4; g++) {
        const int32_t *narrow = random_s32(l->rng, a, units, -40000, 40000);
        int64_t *wide = mdg_arena_array(a, (size_t)units, sizeof *wide);
        for (int i = 0; i < units; i++)
            wide[i] = narrow[i] * (int64_t)(random_int(l->rng, 0, 999) ? 256 : 1 << 30);
        layers_const(l, c, size == 2 ? "int64_t" : "int32_t", size == 2 ? (const void *)wide : narrow,
                     4 * (size_t)(size * units));
    }
}

static inline void layers_add_lstm(layers *l) {
    mdg_rng *r = l->rng;
    mdg_lstm_params *p = mdg_arena_alloc(l->program.arena, sizeof *p);
    const int size = random_int(r, 1, 2), zeros = size == 1 || random_int(r, 0, 3) == 0 ? 1 : 0;
    *p = (mdg_lstm_params){.batches = random_int(r, 1, 2), .steps = random_int(r, 1, 3)};
    p->in_c = random_int(r, 1, 20), p->units = random_int(r, 1, 12);
    p->batch_stride = p->steps, p->step_stride = 1;
    p->in_zero = zeros * random_int(r, -128, 127), p->hidden_zero = zeros * random_int(r, -128, 127);
    layers_gates(r, p, size);
    mdg_call *c = layers_recurrent(l, size == 2 ? MDG_K_lstm_s16 : MDG_K_lstm_s8, p);
    layers_io_of(l, c, size, p->batches * p->steps * p->in_c, p->batches * p->steps * p->units);
    for (int g = 0; g < 4; g++) layers_rows(l, c, p->units * p->in_c);
    for (int g = 0; g < 4; g++) layers_rows(l, c, p->units * p->units);
    layers_gate_biases(l, c, p->units, size);
    uint16_t *table = mdg_arena_array(l->program.arena, 256, sizeof *table);
    for (int i = 0; i < 256; i++) table[i] = (uint16_t)(32768 + 128 * i);
    layers_const(l, c, "uint16_t", table, 512);
    layers_state(l, c, size * p->batches * p->units);
    layers_state(l, c, 2 * p->batches * p->units);
}

#endif
