/* SPDX-License-Identifier: MIT
 *
 * lstm_smlad.h: UNIDIRECTIONAL_SEQUENCE_LSTM, the four gates of a unit at once. Rows of the streams are
 * [units][4 gates]; their biases contain the zero points.
 *
 * MDG_LSTM_SMLAD_KERNEL(name, type, list, sums, gate_of, narrow) defines the kernel mdg_<name> whose
 * activations have the type, into which narrow saturates, and whose parameters are those of the list.
 * sums(p, x, hidden, w, of_x, of_hidden) gives a unit's sums and moves both streams behind the unit;
 * gate_of(p, of_x, of_hidden, g) is a gate in Q3.12, not yet saturated.
 */
#ifndef MDG_ARMV7EM_LSTM_SMLAD_H
#define MDG_ARMV7EM_LSTM_SMLAD_H

#include "../ref/lstm.h"

#define MDG_LSTM_SMLAD_KERNEL(name, type, list, sums, gate_of, narrow)                                       \
    static inline void name##_step(const mdg_##list##_params *q, const void *const *in, const type *x,       \
                                   type *y, type *hidden, int16_t *cell) {                                   \
        const mdg_lstm_params *p = (const mdg_lstm_params *)(const void *)q;                                 \
        const int32_t *w[2] = {(const int32_t *)in[1], (const int32_t *)in[2]};                              \
        const uint16_t *table = (const uint16_t *)in[3];                                                     \
        for (int32_t u = 0; u < p->units; u++) {                                                             \
            int32_t of_x[4], of_hidden[4];                                                                   \
            int16_t gate[4];                                                                                 \
            sums(q, x, hidden, w, of_x, of_hidden);                                                          \
            for (int g = 0; g < 4; g++)                                                                      \
                gate[g] =                                                                                    \
                    mdg_lstm_activate(mdg_saturate_s16(gate_of(p, of_x[g], of_hidden[g], g)), table, g);     \
            cell[u] = mdg_lstm_cell(p, gate, cell[u]);                                                       \
            y[u] = (type)narrow(mdg_lstm_hidden(p, table, gate[MDG_LSTM_OUTPUT], cell[u]));                  \
        }                                                                                                    \
        memcpy(hidden, y, (size_t)p->units * sizeof *y);                                                     \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
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
