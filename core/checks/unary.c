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

/* From 32 bits the difference to the zero point wraps around. */
static bool requantize_s32(const mdg_requantize_params *p, mdg_sizes *s, int32_t out_bits) {
    return mdg_has_pair(s, p->count, 4, (uint32_t)out_bits / 8) && mdg_is_multiplier(p->mult, p->shift);
}

/* The slope may be negative. */
static bool leaky_relu(const mdg_leaky_relu_params *p, mdg_sizes *s, int32_t bits) {
    const uint32_t size = (uint32_t)bits / 8;
    return mdg_has_pair(s, p->count, size, size) && mdg_is_int(p->in_zero, bits + 1) &&
           mdg_is_multiplier(p->mult, p->shift) && mdg_within(p->slope_shift, -31, 30);
}

static bool leaky_relu_f32(const mdg_leaky_relu_f32_params *p, mdg_sizes *s, uint32_t size) {
    return mdg_has_pair(s, p->count, size, size);
}

static bool has_terms(mdg_sizes *s, int32_t inputs, int32_t count, uint32_t size) {
    if (inputs < 1 || (uint32_t)inputs > s->n_in) return false;
    for (uint32_t k = 0; k < (uint32_t)inputs; k++)
        if (!mdg_has_in(s, k, mdg_count1(count), size)) return false;
    return mdg_has_out(s, 0, mdg_count1(count), size) && mdg_may_share(s);
}

static bool add_n(const mdg_add_n_params *p, mdg_sizes *s, int32_t bits) {
    return has_terms(s, p->inputs, p->count, (uint32_t)bits / 8) && mdg_is_int(p->in_zero, bits) &&
           mdg_is_multiplier(p->mult, p->shift);
}

static bool add_n_f32(const mdg_add_n_f32_params *p, mdg_sizes *s, uint32_t size) {
    return has_terms(s, p->inputs, p->count, size);
}

static bool lookup(const mdg_unary_params *p, mdg_sizes *s, uint32_t table) {
    return mdg_has_pair(s, p->count, 1, 1) && mdg_has_in(s, 1, table, 1);
}

/* x * mult and half of 2^shift together fit 32 bits. */
static bool sigmoid(const mdg_sigmoid_params *p, mdg_sizes *s, uint32_t table) {
    return mdg_has_pair(s, p->count, 2, 2) && mdg_has_in(s, 1, table, 2) &&
           mdg_within(p->mult, 0, INT16_MAX) && mdg_within(p->shift, 0, 31);
}

/* bits: of the integer, which has a zero point */
static bool affine(const mdg_affine_params *p, mdg_sizes *s, uint32_t in_size, uint32_t out_size,
                   int32_t bits) {
    return mdg_has_pair(s, p->count, in_size, out_size) && mdg_is_int(p->zero, bits + 1);
}

MDG_CHECK(relu_f32, unary, unary, 4, 4)
MDG_CHECK(logical_not_bool, unary, unary, 1, 1)
MDG_CHECK(clamp_s8, clamp, clamp, 1)
MDG_CHECK(clamp_s16, clamp, clamp, 2)
MDG_CHECK(clamp_f32, clamp_f32, clamp_f32, 4)
MDG_CHECK(requantize_s8_s8, requantize, requantize, 8, 8)
MDG_CHECK(requantize_s8_u8, requantize, requantize, 8, 8)
MDG_CHECK(requantize_s8_s16, requantize, requantize, 8, 16)
MDG_CHECK(requantize_s8_s32, requantize, requantize, 8, 32)
MDG_CHECK(requantize_u8_s8, requantize, requantize, 8, 8)
MDG_CHECK(requantize_s16_s8, requantize, requantize, 16, 8)
MDG_CHECK(requantize_s16_s16, requantize, requantize, 16, 16)
MDG_CHECK(requantize_s16_s32, requantize, requantize, 16, 32)
MDG_CHECK(requantize_s32_s8, requantize, requantize_s32, 8)
MDG_CHECK(requantize_s32_s16, requantize, requantize_s32, 16)
MDG_CHECK(abs_s8, requantize, requantize, 8, 8)
MDG_CHECK(abs_s16, requantize, requantize, 16, 16)
MDG_CHECK(quantize_f32_s8, affine, affine, 4, 1, 8)
MDG_CHECK(quantize_f32_s16, affine, affine, 4, 2, 16)
MDG_CHECK(dequantize_s8_f32, affine, affine, 1, 4, 8)
MDG_CHECK(dequantize_u8_f32, affine, affine, 1, 4, 8)
MDG_CHECK(dequantize_s16_f32, affine, affine, 2, 4, 16)

MDG_CHECK(leaky_relu_s8, leaky_relu, leaky_relu, 8)
MDG_CHECK(leaky_relu_s16, leaky_relu, leaky_relu, 16)
MDG_CHECK(leaky_relu_f32, leaky_relu_f32, leaky_relu_f32, 4)
MDG_CHECK(add_n_s8, add_n, add_n, 8)
MDG_CHECK(add_n_f32, add_n_f32, add_n_f32, 4)
MDG_CHECK(lookup_8, unary, lookup, 256)
MDG_CHECK(logistic_lookup_s16, sigmoid, sigmoid, 256)
MDG_CHECK(tanh_lookup_s16, sigmoid, sigmoid, 256)

MDG_CHECK(abs_f32, unary, unary, 4, 4)
MDG_CHECK(neg_f32, unary, unary, 4, 4)
MDG_CHECK(square_f32, unary, unary, 4, 4)
MDG_CHECK(sqrt_f32, unary, unary, 4, 4)
MDG_CHECK(rsqrt_f32, unary, unary, 4, 4)
MDG_CHECK(exp_f32, unary, unary, 4, 4)
MDG_CHECK(log_f32, unary, unary, 4, 4)
MDG_CHECK(sin_f32, unary, unary, 4, 4)
MDG_CHECK(cos_f32, unary, unary, 4, 4)
MDG_CHECK(floor_f32, unary, unary, 4, 4)
MDG_CHECK(ceil_f32, unary, unary, 4, 4)
MDG_CHECK(round_f32, unary, unary, 4, 4)
MDG_CHECK(elu_f32, unary, unary, 4, 4)
MDG_CHECK(hard_swish_f32, unary, unary, 4, 4)
MDG_CHECK(logistic_f32, unary, unary, 4, 4)
MDG_CHECK(tanh_f32, unary, unary, 4, 4)

MDG_CHECK(cast_s8_s16, unary, unary, 1, 2)
MDG_CHECK(cast_s8_s32, unary, unary, 1, 4)
MDG_CHECK(cast_s8_f32, unary, unary, 1, 4)
MDG_CHECK(cast_s16_s8, unary, unary, 2, 1)
MDG_CHECK(cast_s16_s32, unary, unary, 2, 4)
MDG_CHECK(cast_s16_f32, unary, unary, 2, 4)
MDG_CHECK(cast_s32_s8, unary, unary, 4, 1)
MDG_CHECK(cast_s32_s16, unary, unary, 4, 2)
MDG_CHECK(cast_s32_f32, unary, unary, 4, 4)
MDG_CHECK(cast_u32_f32, unary, unary, 4, 4)
MDG_CHECK(cast_bool_s8, unary, unary, 1, 1)
MDG_CHECK(cast_bool_s16, unary, unary, 1, 2)
MDG_CHECK(cast_bool_s32, unary, unary, 1, 4)
MDG_CHECK(cast_bool_f32, unary, unary, 1, 4)
MDG_CHECK(cast_f32_s8, unary, unary, 4, 1)
MDG_CHECK(cast_f32_s16, unary, unary, 4, 2)
MDG_CHECK(cast_f32_s32, unary, unary, 4, 4)
MDG_CHECK(cast_f32_u32, unary, unary, 4, 4)
