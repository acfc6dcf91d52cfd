/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED.
 */
#include "../check.h"

enum { MAX_PRODUCTS = 33025 }; /* of two int8 differences that a 32-bit sum holds: 2^31 / 255^2 */

static bool has_vectors(const mdg_fully_connected_f32_params *p, const mdg_sizes *s, uint32_t x_size,
                        uint32_t bias_size) {
    return mdg_has_in(s, 0, mdg_count2(p->batches, p->in_c), x_size) &&
           mdg_has_optional(s, 2, mdg_count1(p->out_c), bias_size) &&
           mdg_has_out(s, 0, mdg_count2(p->batches, p->out_c), x_size);
}

static bool has_operands(const mdg_fully_connected_f32_params *p, const mdg_sizes *s, uint32_t x_size,
                         uint32_t w_size, uint32_t bias_size) {
    return mdg_has_in(s, 1, mdg_count2(p->out_c, p->in_c), w_size) && has_vectors(p, s, x_size, bias_size);
}

static bool fully_connected_f32(const mdg_fully_connected_f32_params *p, const mdg_sizes *s, uint32_t size) {
    return has_operands(p, s, size, size, size);
}

static bool fully_connected_s8(const mdg_fully_connected_params *p, const mdg_sizes *s, bool per_channel,
                               uint32_t weights_a_byte) {
    const mdg_fully_connected_f32_params shape = {p->batches, p->in_c, p->out_c, 0, 0};
    return has_vectors(&shape, s, 1, sizeof(int32_t)) &&
           mdg_has_in(s, 1, mdg_packed(mdg_count2(p->out_c, p->in_c), weights_a_byte), 1) &&
           p->in_c <= MAX_PRODUCTS && mdg_is_int(p->in_zero, 8) && mdg_is_int(p->filter_zero, 8) &&
           (per_channel ? mdg_has_multipliers(s, 3, mdg_count1(p->out_c), 30)
                        : mdg_is_multiplier(p->mult, p->shift));
}

/* Sums have 64 bits. One multiplier for all channels stands in the parameters. */
static bool fully_connected_s16(const mdg_fully_connected_params *p, const mdg_sizes *s, uint32_t bias_size) {
    const mdg_fully_connected_f32_params shape = {p->batches, p->in_c, p->out_c, 0, 0};
    const int32_t max_shift = bias_size == 8 ? 14 : 30;
    if (!has_operands(&shape, s, sizeof(int16_t), 1, bias_size) || s->n_in < 5) return false;
    return mdg_is_int(p->in_zero, 16) && mdg_is_int(p->filter_zero, 8) &&
           (s->in[3] ? mdg_has_multipliers(s, 3, mdg_count1(p->out_c), max_shift)
                     : mdg_is_multiplier(p->mult, p->shift) && p->shift <= max_shift);
}

MDG_CHECK(fully_connected_f32, fully_connected_f32, fully_connected_f32, sizeof(float))
MDG_CHECK(fully_connected_s8, fully_connected, fully_connected_s8, false, 1)
MDG_CHECK(fully_connected_s8_w4, fully_connected, fully_connected_s8, false, 2)
MDG_CHECK(fully_connected_per_channel_s8, fully_connected, fully_connected_s8, true, 1)
MDG_CHECK(fully_connected_s16_b32, fully_connected, fully_connected_s16, sizeof(int32_t))
MDG_CHECK(fully_connected_s16_b64, fully_connected, fully_connected_s16, sizeof(int64_t))
