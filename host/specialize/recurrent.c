/* SPDX-License-Identifier: MIT
 *
 * SVDF and UNIDIRECTIONAL_SEQUENCE_LSTM.
 */
#include "specialize/dense.h"
#include "specialize/wide.h"

#include <string.h>

#include "core/fixed.h"

/* `rows` rows of weights for n inputs, all zero */
static mdg_spec_layer new_rows(mdg_spec *s, int32_t rows, int32_t n) {
    mdg_spec_layer l = {.out_c = rows, .depth = (n + 3) / 4 * 4};
    l.w = mdg_arena_alloc(s->program->arena, (size_t)rows * (size_t)l.depth);
    l.channels = mdg_arena_array(s->program->arena, (size_t)rows, sizeof *l.channels);
    return l;
}

/* Weights and bias of one row; the bias for inputs with zero point 0 wraps around as sums do. */
static void set_row(mdg_spec_layer *l, int32_t row, const int8_t *w, int32_t n, int32_t in_zero) {
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++) sum += w[i];
    memcpy(l->w + row * l->depth, w, (size_t)n);
    l->channels[row].bias = -in_zero * sum;
}

static int32_t wrapped_sum(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a + (uint32_t)b);
}

/* Biases less what the state's zero point adds to the sums */
static void add_svdf_bias(mdg_spec *s, mdg_call *c, const mdg_svdf_params *p) {
    const int32_t *bias = mdg_spec_const(s, 3), n = p->rank * p->memory;
    const int8_t *time = p->state_zero ? mdg_spec_const(s, 2) : NULL; /* of int16 it is 0 */
    int32_t *words = mdg_arena_array(s->program->arena, (size_t)p->units, sizeof *words);
    for (int32_t u = 0; u < p->units; u++) {
        int32_t sum = 0;
        for (int32_t i = 0; time && i < n; i++) sum += time[u * n + i];
        words[u] = wrapped_sum(bias ? bias[u] : 0, -p->state_zero * sum);
    }
    mdg_spec_add_const(s, c, "biases", words, (size_t)p->units);
}

static bool svdf(mdg_spec *s, mdg_kernel_id kernel) {
    const mdg_svdf_params *p = s->call->params;
    const int8_t *w = mdg_spec_const(s, 1);
    if (!w || !mdg_spec_const(s, 2) || (s->call->in[3] >= 0 && !mdg_spec_const(s, 3))) return false;
    mdg_spec_layer l = new_rows(s, p->units * p->rank, p->in_c);
    for (int32_t f = 0; f < l.out_c; f++) set_row(&l, f, w + f * p->in_c, p->in_c, p->in_zero);
    if (!mdg_spec_dense_fits(&l)) return false;
    mdg_svdf_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof *p);
    q->chunk = mdg_spec_dense_chunk(&l);
    mdg_call *c = mdg_spec_add_call(s, kernel, q);
    mdg_spec_add_dense_stream(s, c, &l, mdg_spec_weights_name(s));
    mdg_call_add_in(c, s->call->in[2]);
    add_svdf_bias(s, c, p);
    mdg_call_add_out(c, s->call->out[1]);
    return true;
}

bool mdg_spec_svdf_state8(mdg_spec *s) {
    return svdf(s, MDG_K_svdf_smlad_s8_state8);
}

bool mdg_spec_svdf_state16(mdg_spec *s) {
    return svdf(s, MDG_K_svdf_smlad_s8_state16);
}

enum { GATES = 4, IN_WEIGHTS = 1, HIDDEN_WEIGHTS = 5, BIAS = 9, TABLE = 13 }; /* inputs of lstm_s8, _s16 */

/* The four gates' matrices for n inputs, gates of a unit behind each other; false where they do not fit */
static bool gate_rows(mdg_spec *s, int first, int32_t n, int32_t zero, mdg_spec_layer *l) {
    const mdg_lstm_params *p = s->call->params;
    *l = new_rows(s, GATES * p->units, n);
    for (int g = 0; g < GATES; g++) {
        const int8_t *w = mdg_spec_const(s, first + g);
        if (!w) return false;
        for (int32_t u = 0; u < p->units; u++) set_row(l, GATES * u + g, w + u * n, n, zero);
    }
    return mdg_spec_dense_fits(l);
}

static bool add_biases(const mdg_spec *s, mdg_spec_layer *l) {
    for (int g = 0; g < GATES; g++) {
        const int32_t *bias = mdg_spec_const(s, BIAS + g);
        if (!bias && s->call->in[BIAS + g] >= 0) return false;
        for (int32_t u = 0; bias && u < l->out_c / GATES; u++)
            l->channels[GATES * u + g].bias = wrapped_sum(l->channels[GATES * u + g].bias, bias[u]);
    }
    return true;
}

static const char *hidden_name(const mdg_spec *s) {
    return s->program->buffers[s->call->in[HIDDEN_WEIGHTS]].name;
}

static void add_table_and_states(const mdg_spec *s, mdg_call *c) {
    mdg_call_add_in(c, s->call->in[TABLE]);
    mdg_call_add_out(c, s->call->out[1]);
    mdg_call_add_out(c, s->call->out[2]);
}

bool mdg_spec_lstm(mdg_spec *s) {
    const mdg_lstm_params *p = s->call->params;
    mdg_spec_layer of_x, of_hidden;
    if (!gate_rows(s, IN_WEIGHTS, p->in_c, p->in_zero, &of_x) ||
        !gate_rows(s, HIDDEN_WEIGHTS, p->units, p->hidden_zero, &of_hidden) || !add_biases(s, &of_x))
        return false;
    mdg_lstm_smlad_params *q = mdg_arena_alloc(s->program->arena, sizeof *q);
    memcpy(q, p, sizeof *p);
    q->in_chunk = mdg_spec_dense_chunk(&of_x), q->hidden_chunk = mdg_spec_dense_chunk(&of_hidden);
    mdg_call *c = mdg_spec_add_call(s, MDG_K_lstm_smlad_s8, q);
    mdg_spec_add_dense_stream(s, c, &of_x, mdg_spec_weights_name(s));
    mdg_spec_add_dense_stream(s, c, &of_hidden, hidden_name(s));
    add_table_and_states(s, c);
    return true;
}

/* A matrix of int16's gates as an operator has it */
typedef struct wide_matrix {
    int first, bias; /* inputs of the call; bias: 0 where there is none */
    int32_t n, zero;
    const int32_t *mult, *shift; /* [GATES] */
} wide_matrix;

static bool has_wide_constants(const mdg_spec *s, const wide_matrix *m) {
    for (int g = 0; g < GATES; g++)
        if (!mdg_spec_const(s, m->first + g) ||
            (m->bias && s->call->in[m->bias + g] >= 0 && !mdg_spec_const(s, m->bias + g)))
            return false;
    return true;
}

/* Bias for inputs with zero point 0; it wraps around as sums do. */
static int64_t wide_bias(const wide_matrix *m, const int8_t *w, int64_t bias) {
    int64_t sum = 0;
    for (int32_t i = 0; i < m->n; i++) sum += w[i];
    return mdg_wrapping_add_s64(bias, -m->zero * sum);
}

/* The matrix, gates of a unit behind each other; false where that does not fit */
static bool wide_rows(mdg_spec *s, const wide_matrix *m, int32_t units, mdg_spec_wide *l) {
    const int32_t rows = GATES * units, n = m->n;
    int8_t *w = mdg_arena_alloc(s->program->arena, (size_t)rows * (size_t)n);
    int64_t *bias = mdg_arena_array(s->program->arena, (size_t)rows, sizeof *bias);
    int32_t *factors = mdg_arena_array(s->program->arena, 2 * (size_t)rows, sizeof *factors);
    *l = (mdg_spec_wide){.out_c = rows, .taps = n, .channel_step = n, .tap_step = 1, .factor_step = 1};
    l->bias_bits = 64, l->w = w, l->bias = bias, l->mult = factors, l->shift = factors + rows;
    if (!has_wide_constants(s, m)) return false;
    for (int32_t row = 0; row < rows; row++) {
        const int32_t g = row % GATES, u = row / GATES;
        const int64_t *given = m->bias ? mdg_spec_const(s, m->bias + g) : NULL;
        memcpy(w + row * n, (const int8_t *)mdg_spec_const(s, m->first + g) + u * n, (size_t)n);
        bias[row] = wide_bias(m, w + row * n, given ? given[u] : 0);
        factors[row] = m->mult[g], factors[rows + row] = m->shift[g];
    }
    return mdg_spec_wide_fits(l);
}

bool mdg_spec_lstm_s16(mdg_spec *s) {
    const mdg_lstm_params *p = s->call->params;
    const wide_matrix x = {IN_WEIGHTS, BIAS, p->in_c, p->in_zero, p->in_mult, p->in_shift};
    const wide_matrix hidden = {HIDDEN_WEIGHTS, 0, p->units, p->hidden_zero, p->hidden_mult, p->hidden_shift};
    mdg_spec_wide of_x, of_hidden;
    if (!wide_rows(s, &x, p->units, &of_x) || !wide_rows(s, &hidden, p->units, &of_hidden)) return false;
    mdg_lstm_params *q = mdg_arena_copy(s->program->arena, p, sizeof *p);
    for (int g = 0; g < GATES; g++) {
        q->in_mult[g] = mdg_spec_wide_multiplier(&of_x, g);
        q->hidden_mult[g] = mdg_spec_wide_multiplier(&of_hidden, g);
    }
    mdg_call *c = mdg_spec_add_call(s, MDG_K_lstm_smlad_s16, q);
    mdg_spec_add_wide_rows(s, c, &of_x, mdg_spec_weights_name(s));
    mdg_spec_add_wide_rows(s, c, &of_hidden, hidden_name(s));
    add_table_and_states(s, c);
    return true;
}
