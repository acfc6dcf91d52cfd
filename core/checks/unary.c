/* SPDX-License-Identifier: MIT
 *
 * Operators on single elements.
 */
#include "../check.h"

static bool unary(const mdg_unary_params *p, mdg_sizes *s, uint32_t in_size, uint32_t out_size) {
    return mdg_has_pair(s, p->count, in_size, out_size);
}

static bool clamp(const mdg_clamp_params *p, mdg_sizes *s, uint32_t size) {
    return mdg_has_pair(s, p->count, size, size);
}

static bool clamp_f32(const mdg_clamp_f32_params *p, mdg_sizes *s, uint32_t size) {
    return mdg_has_pair(s, p->count, size, size);
}

static bool requantize(const mdg_requantize_params *p, mdg_sizes *s, int32_t in_bits, int32_t out_bits) {
    return mdg_has_pair(s, p->count, (uint32_t)in_bits / 8, (uint32_t)out_bits / 8) &&
           mdg_is_int(p->in_zero, in_bits + 1) && mdg_is_multiplier(p->mult, p->shift);
}

/* bits: of the integer, which has a zero point */
static bool affine(const mdg_affine_params *p, mdg_sizes *s, uint32_t in_size, uint32_t out_size,
                   int32_t bits) {
    return mdg_has_pair(s, p->count, in_size, out_size) && mdg_is_int(p->zero, bits + 1);
}

MDG_CHECK(relu_f32, unary, unary, 4, 4)
MDG_CHECK(logical_not_bool, unary, unary, 1, 1)
MDG_CHECK(clamp_s8, clamp, clamp, 1)
MDG_CHECK(clamp_f32, clamp_f32, clamp_f32, 4)
MDG_CHECK(requantize_s8_s8, requantize, requantize, 8, 8)
MDG_CHECK(quantize_f32_s8, affine, affine, 4, 1, 8)
MDG_CHECK(dequantize_s8_f32, affine, affine, 1, 4, 8)
