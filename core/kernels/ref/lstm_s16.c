/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on int16 with int64 bias.
 */
#include "lstm.h"
#include "s16_util.h"

static inline int32_t lstm_s16_product(const mdg_lstm_matrix *m, const int16_t *x, int32_t unit) {
    const int8_t *row = m->w + unit * m->n;
    int64_t sum = 0;
    for (int32_t i = 0; i < m->n; i++) sum += (x[i] - m->zero) * row[i];
    return mdg_saturate_s16(mdg_rescale_s16(sum, m->bias, 64, unit, m->mult, m->shift));
}

MDG_LSTM_KERNEL(lstm_s16, int16_t, lstm_s16_product, INT16_MIN, INT16_MAX)
