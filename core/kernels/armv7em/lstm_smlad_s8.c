/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on int8: as lstm_s8 (lstm_smlad.h, dense.h)
 */
#include "dense.h"
#include "lstm_smlad.h"

static inline void lstm_smlad_s8_sums(const mdg_lstm_smlad_params *q, const int8_t *x, const int8_t *hidden,
                                      const int32_t *w[2], int32_t of_x[4], int32_t of_hidden[4]) {
    w[0] = mdg_dense_sums(x, w[0], q->in_c, q->in_chunk, of_x);
    w[1] = mdg_dense_sums(hidden, w[1], q->units, q->hidden_chunk, of_hidden);
}

static inline int32_t lstm_smlad_s8_gate(const mdg_lstm_params *p, int32_t of_x, int32_t of_hidden, int g) {
    const int32_t recurrent = mdg_requantize(of_hidden, p->hidden_mult[g], p->hidden_shift[g]);
    return mdg_saturate_s16(mdg_requantize(of_x, p->in_mult[g], p->in_shift[g])) +
           mdg_saturate_s16(recurrent);
}

MDG_LSTM_SMLAD_KERNEL(lstm_smlad_s8, int8_t, lstm_smlad, lstm_smlad_s8_sums, lstm_smlad_s8_gate, mdg_ssat8)
