/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM, as far as TFLM has it: without peepholes, projection, coupled gates and layer
 * normalisation.
 */
#include "lower/lower.h"

#include <math.h>
#include <string.h>

/* Inputs of the operator; four gates each, in the order input, forget, cell, output */
enum { INPUT = 0, INPUT_WEIGHTS = 1, HIDDEN_WEIGHTS = 5, BIAS = 12, HIDDEN = 18, CELL = 19, GATES = 4 };

/* Products of an int8 difference and an int8 weight that a 32-bit sum holds */
enum { MAX_INPUTS = 65536 };

static mdg_status need_matrix(const mdg_lowering *lo, const mdg_tensor *t, int32_t rows, int32_t columns) {
    return mdg_lo_need_shape(lo, t, &(mdg_shape){.rank = 2, .dim = {rows, columns}});
}

static mdg_status need_sizes(const mdg_lowering *lo, const mdg_lstm_shape_params *p) {
    const int64_t state = (int64_t)p->batches * p->units;
    for (int g = 0; g < GATES; g++) {
        MDG_TRY(need_matrix(lo, mdg_lo_input(lo, INPUT_WEIGHTS + g), p->units, p->in_c));
        MDG_TRY(need_matrix(lo, mdg_lo_input(lo, HIDDEN_WEIGHTS + g), p->units, p->units));
        MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, BIAS + g), p->units));
    }
    for (int k = HIDDEN; k <= CELL; k++) {
        MDG_TRY(mdg_lo_need_variable(lo, mdg_lo_input(lo, k)));
        MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_input(lo, k), state));
    }
    MDG_TRY(mdg_lo_need(lo, lo->op->inputs[HIDDEN] != lo->op->inputs[CELL],
                        "hidden state and cell state are one tensor"));
    return mdg_lo_need(lo, p->in_c <= MAX_INPUTS && p->units <= MAX_INPUTS,
                       "more than 65536 inputs overflow the sum");
}

static mdg_status set_shape(const mdg_lowering *lo, mdg_lstm_shape_params *p) {
    const mdg_sequence_lstm_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, INPUT), *w = mdg_lo_input(lo, INPUT_WEIGHTS);
    if (a->activation != MDG_ACT_TANH || a->diagonal_recurrent_tensors)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "only tanh cells with full recurrent matrices are supported");
    MDG_TRY(mdg_lo_need(lo, a->cell_clip >= 0, "the cell clip is negative"));
    MDG_TRY(mdg_lo_need_rank(lo, x, 3, 3));
    MDG_TRY(mdg_lo_need_rank(lo, w, 2, 2));
    const int32_t first = x->shape.dim[0], second = x->shape.dim[1];
    *p = (mdg_lstm_shape_params){.in_c = x->shape.dim[2], .units = w->shape.dim[0]};
    p->batches = a->time_major ? second : first;
    p->steps = a->time_major ? first : second;
    p->batch_stride = a->time_major ? 1 : second;
    p->step_stride = a->time_major ? second : 1;
    const mdg_shape y = {.rank = 3, .dim = {first, second, p->units}};
    MDG_TRY(mdg_lo_need_shape(lo, mdg_lo_output(lo, 0), &y));
    return need_sizes(lo, p);
}

/* The activations and the cell are quantised per tensor, weights symmetrically. */
static mdg_status need_quantisation(const mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, INPUT)));
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, HIDDEN)));
    MDG_TRY(mdg_lo_need_symmetric(lo, mdg_lo_input(lo, CELL)));
    for (int g = 0; g < GATES; g++) {
        MDG_TRY(mdg_lo_need_symmetric(lo, mdg_lo_input(lo, INPUT_WEIGHTS + g)));
        MDG_TRY(mdg_lo_need_symmetric(lo, mdg_lo_input(lo, HIDDEN_WEIGHTS + g)));
    }
    return MDG_OK;
}

static mdg_status set_gates(const mdg_lowering *lo, mdg_lstm_params *p) {
    const float gate_scale = 1.0f / 4096; /* Q3.12 */
    const mdg_tensor *x = mdg_lo_input(lo, INPUT), *hidden = mdg_lo_input(lo, HIDDEN);
    for (int g = 0; g < GATES; g++) {
        MDG_TRY(mdg_lo_product_multiplier(lo, x, mdg_lo_input(lo, INPUT_WEIGHTS + g), gate_scale,
                                          &p->in_mult[g], &p->in_shift[g]));
        MDG_TRY(mdg_lo_product_multiplier(lo, hidden, mdg_lo_input(lo, HIDDEN_WEIGHTS + g), gate_scale,
                                          &p->hidden_mult[g], &p->hidden_shift[g]));
    }
    return MDG_OK;
}

/* How tanh takes the cell, whose scale counts as the nearest power of two */
static mdg_status set_tanh(const mdg_lowering *lo, double cell_scale, mdg_lstm_params *p) {
    const int left_shift = 15 + (int)lround(log2(cell_scale)) - 3;
    if (left_shift < -30 || left_shift > 14)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "the cell's scale of %g is out of range", cell_scale);
    p->tanh_mult = left_shift < 0 ? 3 : 3 << left_shift;
    p->tanh_shift = left_shift < 0 ? -left_shift : 0;
    return MDG_OK;
}

static mdg_status set_products(const mdg_lowering *lo, mdg_lstm_params *p) {
    const mdg_sequence_lstm_attrs *a = lo->op->attrs;
    const double q15 = 1.0 / 32768, cell = (double)mdg_lo_scale(mdg_lo_input(lo, CELL));
    const double hidden = (double)mdg_lo_scale(mdg_lo_input(lo, HIDDEN));
    MDG_TRY(mdg_lo_multiplier(lo, q15 * cell / cell, &p->cell_keep_mult, &p->cell_keep_shift));
    MDG_TRY(mdg_lo_multiplier(lo, q15 * q15 / cell, &p->cell_add_mult, &p->cell_add_shift));
    MDG_TRY(mdg_lo_multiplier(lo, q15 * q15 / hidden, &p->out_mult, &p->out_shift));
    p->has_clip = a->cell_clip > 0;
    p->cell_clip = (int32_t)fmin((double)a->cell_clip / cell, INT16_MAX);
    return set_tanh(lo, cell, p);
}

static void add_call(mdg_lowering *lo, const void *params) {
    const int table = lo->kernel == MDG_K_lstm_f32 ? -1 : mdg_lo_sigmoid_table(lo);
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    for (int k = INPUT; k < HIDDEN_WEIGHTS + GATES; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    for (int k = BIAS; k < BIAS + GATES; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    if (table >= 0) mdg_call_add_in(c, table);
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_input_buffer(lo, HIDDEN));
    mdg_call_add_out(c, mdg_lo_input_buffer(lo, CELL));
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_sequence_lstm_attrs *a = lo->op->attrs;
    mdg_lstm_shape_params shape;
    MDG_TRY(set_shape(lo, &shape));
    if (lo->kernel == MDG_K_lstm_f32) {
        mdg_lstm_f32_params *p = mdg_lo_params(lo, sizeof *p);
        memcpy(p, &shape, sizeof shape);
        p->cell_clip = a->cell_clip;
        add_call(lo, p);
        return MDG_OK;
    }
    mdg_lstm_params *p = mdg_lo_params(lo, sizeof *p);
    memcpy(p, &shape, sizeof shape);
    MDG_TRY(need_quantisation(lo));
    p->in_zero = mdg_lo_zero(mdg_lo_input(lo, INPUT));
    p->hidden_zero = mdg_lo_zero(mdg_lo_input(lo, HIDDEN));
    MDG_TRY(set_gates(lo, p));
    MDG_TRY(set_products(lo, p));
    add_call(lo, p);
    return MDG_OK;
}

#define TIMES_8(type) type "," type "," type "," type "," type "," type "," type "," type
#define SIGNATURE(activation, weight, bias, cell)                                                            \
    activation "," TIMES_8(weight) ",none,none,none," bias "," bias "," bias "," bias                        \
                                   ",none,none," activation "," cell "->" activation

static const mdg_variant variants[] = {
    {SIGNATURE("int8", "int8", "int32", "int16"), MDG_K_lstm_s8},
    {SIGNATURE("int16", "int8", "int64", "int16"), MDG_K_lstm_s16},
    {SIGNATURE("float32", "float32", "float32", "float32"), MDG_K_lstm_f32},
};
MDG_RULE(lstm, 9, 24, 1, variants, lower);
