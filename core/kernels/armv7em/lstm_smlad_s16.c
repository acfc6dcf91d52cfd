/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on int16: as lstm_s16 (lstm_smlad.h, wide_rows.h). Sums hold 32 bits and
 * multipliers 16 times 2^16, which the desktop has seen to.
 */
#include "lstm_smlad.h"
#include "wide_requantize.h"
#include "wide_rows.h"

static inline void lstm_smlad_s16_sums(const mdg_lstm_params *p, const int16_t *x, const int16_t *hidden,
                                       const int32_t *w[2], int32_t of_x[4], int32_t of_hidden[4]) {
    w[0] = mdg_wide_rows_sums(x, w[0], p->in_c, of_x);
    w[1] = mdg_wide_rows_sums(hidden, w[1], p->units, of_hidden);
}

static inline int32_t lstm_smlad_s16_gate(const mdg_lstm_params *p, int32_t of_x, int32_t of_hidden, int g) {
    const int32_t in[2] = {p->in_mult[g], -p->in_shift[g]};
    const int32_t recurrent[2] = {p->hidden_mult[g], -p->hidden_shift[g]};
    return mdg_wide_requantize(of_x, in, 1) + mdg_wide_requantize(of_hidden, recurrent, 1);
}

MDG_LSTM_SMLAD_KERNEL(lstm_smlad_s16, int16_t, lstm, lstm_smlad_s16_sums, lstm_smlad_s16_gate,
                      mdg_saturate_s16)
