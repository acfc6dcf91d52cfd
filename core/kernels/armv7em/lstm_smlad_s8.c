/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on int8: as lstm_s8, the four gates of a unit at once (dense.h). Rows of the
 * streams are [units][4 gates]; their biases contain the zero points.
 */
#include "../ref/lstm.h"
#include "dense.h"

static inline int16_t lstm_smlad_gate(const mdg_lstm_params *p, const uint16_t *table, int32_t of_x,
                                      int32_t of_hidden, int gate) {
    const int32_t a = mdg_saturate_s16(mdg_requantize(of_x, p->in_mult[gate], p->in_shift[gate]));
    const int32_t b =
        mdg_saturate_s16(mdg_requantize(of_hidden, p->hidden_mult[gate], p->hidden_shift[gate]));
    return mdg_lstm_activate(mdg_saturate_s16(a + b), table, gate);
}

static inline void lstm_smlad_step(const mdg_lstm_smlad_params *q, const void *const *in, const int8_t *x,
                                   int8_t *y, int8_t *hidden, int16_t *cell) {
    const mdg_lstm_params *p = (const mdg_lstm_params *)(const void *)q;
    const int32_t *w_x = (const int32_t *)in[1], *w_hidden = (const int32_t *)in[2];
    const uint16_t *table = (const uint16_t *)in[3];
    for (int32_t u = 0; u < p->units; u++) {
        int32_t of_x[4], of_hidden[4];
        int16_t gate[4];
        w_x = mdg_dense_sums(x, w_x, p->in_c, q->in_chunk, of_x);
        w_hidden = mdg_dense_sums(hidden, w_hidden, p->units, q->hidden_chunk, of_hidden);
        for (int g = 0; g < 4; g++) gate[g] = lstm_smlad_gate(p, table, of_x[g], of_hidden[g], g);
        cell[u] = mdg_lstm_cell(p, gate, cell[u]);
        y[u] = (int8_t)mdg_ssat8(mdg_lstm_hidden(p, table, gate[MDG_LSTM_OUTPUT], cell[u]));
    }
    memcpy(hidden, y, (size_t)p->units);
}

MDG_KERNEL void mdg_lstm_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_lstm_smlad_params *p = (const mdg_lstm_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][steps][in_c], or steps first */
    int8_t *y = (int8_t *)out[0];            /* [batches][steps][units], or steps first */
    int8_t *hidden = (int8_t *)out[1];       /* [batches][units] */
    int16_t *cell = (int16_t *)out[2];       /* [batches][units] */
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t t = 0; t < p->steps; t++) {
            const int32_t at = b * p->batch_stride + t * p->step_stride;
            lstm_smlad_step(p, in, x + at * p->in_c, y + at * p->units, hidden + b * p->units,
                            cell + b * p->units);
        }
    }
}
