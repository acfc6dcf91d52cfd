/* SPDX-License-Identifier: MIT
 *
 * SVDF.
 */
#include "../check.h"

enum { MAX_INPUTS = 65536 }; /* products of int8 that a 32-bit sum holds */

/* size: of input, feature weights and output; state_size: of state and time weights */
static bool has_operands(const mdg_svdf_f32_params *p, const mdg_sizes *s, uint32_t size,
                         uint32_t state_size) {
    const uint32_t memory = mdg_count3(p->units, p->rank, p->memory);
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), size) &&
           mdg_has_in(s, 1, mdg_count3(p->units, p->rank, p->in_c), size) &&
           mdg_has_in(s, 2, memory, state_size) &&
           mdg_has_optional(s, 3, mdg_count1(p->units), sizeof(int32_t)) &&
           mdg_has_out(s, 0, mdg_count2(p->batches, p->units), size) &&
           mdg_has_out(s, 1, mdg_times(memory, p->batches), state_size);
}

static bool svdf_s8(const mdg_svdf_params *p, const mdg_sizes *s, uint32_t state_size) {
    const mdg_svdf_f32_params shape = {p->batches, p->in_c, p->units, p->rank, p->memory, 0, 0};
    return has_operands(&shape, s, 1, state_size) && p->in_c <= MAX_INPUTS && mdg_is_int(p->in_zero, 8) &&
           (state_size == 1 ? mdg_is_int(p->state_zero, 8) : p->state_zero == 0) &&
           mdg_is_multiplier(p->feature_mult, p->feature_shift) &&
           mdg_is_multiplier(p->out_mult, p->out_shift);
}

/* The stream of features: for 4 filters 4 biases, and a word for each input, up to a multiple of 4 */
static bool svdf_smlad(const mdg_svdf_smlad_params *p, const mdg_sizes *s, uint32_t state_size) {
    const uint32_t filters = mdg_count2(p->units, p->rank), memory = mdg_times(filters, p->memory);
    if (!mdg_within(p->in_c, 1, MAX_INPUTS) || filters == 0 || memory == 0 ||
        !mdg_within(p->chunk, 4, 1 << 25) || p->chunk % 4 != 0)
        return false;
    const int32_t words = 4 + (p->in_c + 3) / 4 * 4;
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), 1) &&
           mdg_has_in(s, 1, mdg_times((filters + 3) / 4, words), sizeof(int32_t)) &&
           mdg_has_in(s, 2, memory, state_size) && mdg_has_in(s, 3, mdg_count1(p->units), sizeof(int32_t)) &&
           mdg_has_out(s, 0, mdg_count2(p->batches, p->units), 1) &&
           mdg_has_out(s, 1, mdg_times(memory, p->batches), state_size) &&
           mdg_is_multiplier(p->feature_mult, p->feature_shift) &&
           mdg_is_multiplier(p->out_mult, p->out_shift);
}

MDG_CHECK(svdf_smlad_s8_state8, svdf_smlad, svdf_smlad, 1)
MDG_CHECK(svdf_smlad_s8_state16, svdf_smlad, svdf_smlad, sizeof(int16_t))
MDG_CHECK(svdf_s8_state8, svdf, svdf_s8, 1)
MDG_CHECK(svdf_s8_state16, svdf, svdf_s8, sizeof(int16_t))
MDG_CHECK(svdf_f32, svdf_f32, has_operands, sizeof(float), sizeof(float))
