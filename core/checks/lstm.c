/* SPDX-License-Identifier: MIT
 *
 * UNIDIRECTIONAL_SEQUENCE_LSTM.
 */
#include "../check.h"

enum { GATES = 4, MAX_INPUTS = 65536 }; /* products of int8 that a 32-bit sum holds */

/* Bytes of an element */
typedef struct lstm_sizes {
    uint32_t x, weight, bias, cell;
} lstm_sizes;

static bool has_gates(const mdg_lstm_shape_params *p, const mdg_sizes *s, const lstm_sizes *size) {
    for (uint32_t g = 0; g < GATES; g++) {
        if (!mdg_has_in(s, 1 + g, mdg_count2(p->units, p->in_c), size->weight) ||
            !mdg_has_in(s, 5 + g, mdg_count2(p->units, p->units), size->weight) ||
            !mdg_has_in(s, 9 + g, mdg_count1(p->units), size->bias))
            return false;
    }
    return true;
}

/* Each step of each batch has a vector of its own. */
static bool has_vectors(const void *params, const mdg_sizes *s, const lstm_sizes *size) {
    const mdg_lstm_shape_params *p = (const mdg_lstm_shape_params *)params;
    const int32_t dim[] = {p->batches, p->steps}, stride[] = {p->batch_stride, p->step_stride};
    const uint32_t vectors = mdg_span_of(dim, stride, 2), state = mdg_count2(p->batches, p->units);
    const uint32_t count = mdg_count2(p->batches, p->steps);
    return count > 0 && count <= vectors && mdg_has_in(s, 0, mdg_times(vectors, p->in_c), size->x) &&
           mdg_has_out(s, 0, mdg_times(vectors, p->units), size->x) && mdg_has_out(s, 1, state, size->x) &&
           mdg_has_out(s, 2, state, size->cell);
}

static bool has_operands(const void *params, const mdg_sizes *s, const lstm_sizes *size) {
    return has_gates((const mdg_lstm_shape_params *)params, s, size) && has_vectors(params, s, size);
}

static bool has_multipliers(const mdg_lstm_params *p, int32_t max_shift) {
    for (int g = 0; g < GATES; g++) {
        if (!mdg_is_multiplier(p->in_mult[g], p->in_shift[g]) || p->in_shift[g] > max_shift ||
            !mdg_is_multiplier(p->hidden_mult[g], p->hidden_shift[g]) || p->hidden_shift[g] > max_shift)
            return false;
    }
    return mdg_is_multiplier(p->cell_keep_mult, p->cell_keep_shift) &&
           mdg_is_multiplier(p->cell_add_mult, p->cell_add_shift) &&
           mdg_is_multiplier(p->out_mult, p->out_shift);
}

/* An int16 times tanh_mult, and what rounds it, fit 32 bits. */
static bool has_tanh(const mdg_lstm_params *p) {
    return p->tanh_shift == 0 ? mdg_within(p->tanh_mult, 0, 65535)
                              : mdg_within(p->tanh_shift, 1, 30) && mdg_within(p->tanh_mult, 0, 32767);
}

/* What holds whatever the weights' form is */
static bool has_numbers(const mdg_lstm_params *p, int32_t bits) {
    return mdg_within(p->in_c, 1, MAX_INPUTS) && mdg_within(p->units, 1, MAX_INPUTS) &&
           mdg_is_int(p->in_zero, bits) && mdg_is_int(p->hidden_zero, bits) &&
           has_multipliers(p, bits == 16 ? 14 : 30) && mdg_within(p->cell_clip, 0, INT16_MAX) && has_tanh(p);
}

static bool lstm_integer(const mdg_lstm_params *p, const mdg_sizes *s, uint32_t x_size, uint32_t bias_size) {
    const lstm_sizes size = {x_size, 1, bias_size, sizeof(int16_t)};
    return has_operands(p, s, &size) && mdg_has_in(s, 13, 256, sizeof(uint16_t)) &&
           has_numbers(p, (int32_t)x_size * 8);
}

/* Streams: for a unit 4 biases, and a word for each input, up to a multiple of 4 */
static bool has_streams(const mdg_lstm_params *p, const mdg_sizes *s, uint32_t x_size) {
    const lstm_sizes size = {x_size, 1, sizeof(int32_t), sizeof(int16_t)};
    return has_numbers(p, (int32_t)x_size * 8) && has_vectors(p, s, &size) &&
           mdg_has_in(s, 1, mdg_count2(p->units, 4 + (p->in_c + 3) / 4 * 4), sizeof(int32_t)) &&
           mdg_has_in(s, 2, mdg_count2(p->units, 4 + (p->units + 3) / 4 * 4), sizeof(int32_t)) &&
           mdg_has_in(s, 3, 256, sizeof(uint16_t));
}

static bool is_chunk(int32_t inputs) {
    return mdg_within(inputs, 4, 1 << 25) && inputs % 4 == 0;
}

static bool lstm_smlad(const mdg_lstm_smlad_params *q, const mdg_sizes *s, uint32_t x_size) {
    return is_chunk(q->in_chunk) && is_chunk(q->hidden_chunk) &&
           has_streams((const mdg_lstm_params *)(const void *)q, s, x_size);
}

static bool lstm_smlad_s16(const mdg_lstm_params *p, const mdg_sizes *s, uint32_t x_size) {
    for (int g = 0; g < GATES; g++)
        if (!mdg_within(p->in_shift[g], -30, -1) || !mdg_within(p->hidden_shift[g], -30, -1)) return false;
    return has_streams(p, s, x_size);
}

static bool lstm_f32(const mdg_lstm_f32_params *p, const mdg_sizes *s, uint32_t x_size) {
    const lstm_sizes size = {x_size, x_size, x_size, x_size};
    return has_operands(p, s, &size);
}

MDG_CHECK(lstm_smlad_s8, lstm_smlad, lstm_smlad, 1)
MDG_CHECK(lstm_smlad_s16, lstm, lstm_smlad_s16, sizeof(int16_t))
MDG_CHECK(lstm_s8, lstm, lstm_integer, 1, sizeof(int32_t))
MDG_CHECK(lstm_s16, lstm, lstm_integer, sizeof(int16_t), sizeof(int64_t))
MDG_CHECK(lstm_f32, lstm_f32, lstm_f32, sizeof(float))
