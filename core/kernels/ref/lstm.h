/* SPDX-License-Identifier: MIT
 *
 * lstm.h: UNIDIRECTIONAL_SEQUENCE_LSTM in integers: activations of int8 or int16, weights of int8, cells of
 * int16.
 *
 * For each step of a sequence, with * element by element:
 *
 *     gate(g)  = requantize(x w_in[g] + bias[g]) + requantize(hidden w_rec[g])     both Q3.12, saturated
 *     cell     = clip(sigmoid(gate(forget)) * cell + sigmoid(gate(input)) * tanh(gate(cell)))
 *     hidden   = sigmoid(gate(output)) * tanh(cell)                                this is the output
 *
 * MDG_LSTM_KERNEL(name, type, product, min, max) defines the kernel mdg_<name> whose activations have the
 * type; product(matrix, x, unit) is one requantised sum.
 */
#ifndef MDG_REF_LSTM_H
#define MDG_REF_LSTM_H

#include "midge/kernel.h"
#include <string.h>
#include "../../fixed_sigmoid.h"

/* Gates, in the order of parameters and weights */
enum { MDG_LSTM_INPUT, MDG_LSTM_FORGET, MDG_LSTM_CELL, MDG_LSTM_OUTPUT };

/* Weights [units][n] of one gate, with what goes with them */
typedef struct mdg_lstm_matrix {
    const int8_t *w;
    const void *bias; /* [units] or NULL */
    int32_t n, zero, mult, shift;
} mdg_lstm_matrix;

static inline mdg_lstm_matrix mdg_lstm_of_input(const mdg_lstm_params *p, const void *const *in, int gate) {
    mdg_lstm_matrix m;
    m.w = (const int8_t *)in[1 + gate];
    m.bias = in[9 + gate];
    m.n = p->in_c, m.zero = p->in_zero;
    m.mult = p->in_mult[gate], m.shift = p->in_shift[gate];
    return m;
}

static inline mdg_lstm_matrix mdg_lstm_of_hidden(const mdg_lstm_params *p, const void *const *in, int gate) {
    mdg_lstm_matrix m;
    m.w = (const int8_t *)in[5 + gate];
    m.bias = 0;
    m.n = p->units, m.zero = p->hidden_zero;
    m.mult = p->hidden_mult[gate], m.shift = p->hidden_shift[gate];
    return m;
}

/* Gates have passed sigmoid or tanh: Q0.15. */
static inline int16_t mdg_lstm_cell(const mdg_lstm_params *p, const int16_t *gate, int32_t cell) {
    const int32_t kept =
        mdg_saturate_s16(mdg_requantize(gate[MDG_LSTM_FORGET] * cell, p->cell_keep_mult, p->cell_keep_shift));
    const int32_t added = mdg_saturate_s16(
        mdg_requantize(gate[MDG_LSTM_INPUT] * gate[MDG_LSTM_CELL], p->cell_add_mult, p->cell_add_shift));
    const int16_t next = mdg_saturate_s16(kept + added);
    return p->has_clip ? (int16_t)mdg_clamp(next, -p->cell_clip, p->cell_clip) : next;
}

static inline int32_t mdg_lstm_hidden(const mdg_lstm_params *p, const uint16_t *table, int32_t gate,
                                      int32_t cell) {
    const int32_t argument = mdg_sigmoid_argument(cell, p->tanh_mult, p->tanh_shift);
    const int32_t tanh_cell = mdg_tanh_s16(argument, table);
    return mdg_requantize_to(tanh_cell * gate, p->out_mult, p->out_shift, p->hidden_zero);
}

/* sum: Q3.12 */
static inline int16_t mdg_lstm_activate(int32_t sum, const uint16_t *table, int gate) {
    const int32_t argument = mdg_sigmoid_argument(sum, 3, 0);
    return gate == MDG_LSTM_CELL ? mdg_tanh_s16(argument, table) : mdg_sigmoid_s16(argument, table);
}

#define MDG_LSTM_KERNEL(name, type, product, min, max)                                                       \
    static inline int16_t name##_gate(const mdg_lstm_params *p, const void *const *in, const type *x,        \
                                      const type *hidden, int32_t unit, int gate) {                          \
        const mdg_lstm_matrix of_x = mdg_lstm_of_input(p, in, gate);                                         \
        const mdg_lstm_matrix of_hidden = mdg_lstm_of_hidden(p, in, gate);                                   \
        const int32_t sum = mdg_saturate_s16(product(&of_x, x, unit) + product(&of_hidden, hidden, unit));   \
        return mdg_lstm_activate(sum, (const uint16_t *)in[13], gate);                                       \
    }                                                                                                        \
    static inline void name##_step(const mdg_lstm_params *p, const void *const *in, const type *x, type *y,  \
                                   type *hidden, int16_t *cell) {                                            \
        for (int32_t u = 0; u < p->units; u++) {                                                             \
            int16_t gate[4];                                                                                 \
            for (int g = 0; g < 4; g++) gate[g] = name##_gate(p, in, x, hidden, u, g);                       \
            cell[u] = mdg_lstm_cell(p, gate, cell[u]);                                                       \
            y[u] = (type)mdg_clamp(                                                                          \
                mdg_lstm_hidden(p, (const uint16_t *)in[13], gate[MDG_LSTM_OUTPUT], cell[u]), min, max);     \
        }                                                                                                    \
        memcpy(hidden, y, (size_t)p->units * sizeof *y);                                                     \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_lstm_params *p = (const mdg_lstm_params *)params;                                          \
        const type *x = (const type *)in[0]; /* [batches][steps][in_c], or steps first */                    \
        type *y = (type *)out[0];            /* [batches][steps][units], or steps first */                   \
        type *hidden = (type *)out[1];       /* [batches][units] */                                          \
        int16_t *cell = (int16_t *)out[2];   /* [batches][units] */                                          \
        for (int32_t b = 0; b < p->batches; b++) {                                                           \
            for (int32_t t = 0; t < p->steps; t++) {                                                         \
                const int32_t at = b * p->batch_stride + t * p->step_stride;                                 \
                name##_step(p, in, x + at * p->in_c, y + at * p->units, hidden + b * p->units,               \
                            cell + b * p->units);                                                            \
            }                                                                                                \
        }                                                                                                    \
    }

#endif
