/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on int8 with int32 bias.
 */
#include "lstm.h"

static inline int32_t lstm_s8_product(const mdg_lstm_matrix *m, const int8_t *x, int32_t unit) {
    const int8_t *row = m->w + unit * m->n;
    const int32_t *bias = (const int32_t *)m->bias;
    int32_t sum = 0;
    for (int32_t i = 0; i < m->n; i++) sum += (x[i] - m->zero) * row[i];
    if (bias) sum = mdg_wrapping_add(sum, bias[unit]);
    return mdg_saturate_s16(mdg_requantize(sum, m->mult, m->shift));
}

MDG_LSTM_KERNEL(lstm_s8, int8_t, lstm_s8_product, INT8_MIN, INT8_MAX)
