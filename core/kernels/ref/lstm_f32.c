/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM on float32. For each step of a sequence, with * element by element:
 *
 *     gate(g)  = x w_in[g] + bias[g] + hidden w_rec[g]
 *     cell     = clip(sigmoid(gate(forget)) * cell + sigmoid(gate(input)) * tanh(gate(cell)))
 *     hidden   = sigmoid(gate(output)) * tanh(cell)                                this is the output
 */
#include "midge/kernel.h"
#include <math.h>
#include <string.h>
#include "float_util.h"

/* Gates, in the order of the weights */
enum { LSTM_F32_INPUT, LSTM_F32_FORGET, LSTM_F32_CELL, LSTM_F32_OUTPUT };

static inline float lstm_f32_sigmoid(float x) {
    return 1.0f / (1.0f + expf(-x));
}

static inline float lstm_f32_dot(const float *a, const float *b, int32_t n) {
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static inline float lstm_f32_gate(const mdg_lstm_f32_params *p, const void *const *in, const float *x,
                                  const float *hidden, int32_t unit, int gate) {
    const float *of_x = (const float *)in[1 + gate] + unit * p->in_c;
    const float *of_hidden = (const float *)in[5 + gate] + unit * p->units;
    const float *bias = (const float *)in[9 + gate];
    const float sum = lstm_f32_dot(x, of_x, p->in_c) + bias[unit] + lstm_f32_dot(hidden, of_hidden, p->units);
    return gate == LSTM_F32_CELL ? tanhf(sum) : lstm_f32_sigmoid(sum);
}

static inline void lstm_f32_step(const mdg_lstm_f32_params *p, const void *const *in, const float *x,
                                 float *y, float *hidden, float *cell) {
    for (int32_t u = 0; u < p->units; u++) {
        float gate[4];
        for (int g = 0; g < 4; g++) gate[g] = lstm_f32_gate(p, in, x, hidden, u, g);
        cell[u] = gate[LSTM_F32_FORGET] * cell[u] + gate[LSTM_F32_INPUT] * gate[LSTM_F32_CELL];
        if (p->cell_clip > 0.0f) cell[u] = mdg_limit_f32(cell[u], -p->cell_clip, p->cell_clip);
        y[u] = gate[LSTM_F32_OUTPUT] * tanhf(cell[u]);
    }
    memcpy(hidden, y, (size_t)p->units * sizeof *y);
}

MDG_KERNEL void mdg_lstm_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_lstm_f32_params *p = (const mdg_lstm_f32_params *)params;
    const float *x = (const float *)in[0]; /* [batches][steps][in_c], or steps first */
    float *y = (float *)out[0];            /* [batches][steps][units], or steps first */
    float *hidden = (float *)out[1];       /* [batches][units] */
    float *cell = (float *)out[2];         /* [batches][units] */

    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t t = 0; t < p->steps; t++) {
            const int32_t at = b * p->batch_stride + t * p->step_stride;
            lstm_f32_step(p, in, x + at * p->in_c, y + at * p->units, hidden + b * p->units,
                          cell + b * p->units);
        }
    }
}
