/* SPDX-License-Identifier: MIT
 *
 * Operators that join two tensors element by element.
 */
#include "../check.h"

static bool broadcast(const void *params, mdg_sizes *s, uint32_t in_size, uint32_t out_size) {
    const mdg_broadcast_params *p = (const mdg_broadcast_params *)params;
    return mdg_within(p->rank, 1, MDG_MAX_RANK) &&
           mdg_has_in(s, 0, mdg_span_of(p->dim, p->a_stride, p->rank), in_size) &&
           mdg_has_in(s, 1, mdg_span_of(p->dim, p->b_stride, p->rank), in_size) &&
           mdg_has_out(s, 0, mdg_count_of(p->dim, p->rank), out_size) && mdg_may_share(s);
}

/* `bits` of an operand */
static bool add(const mdg_add_params *p, mdg_sizes *s, int32_t bits) {
    const uint32_t size = (uint32_t)bits / 8;
    return broadcast(p, s, size, size) && mdg_is_int(p->a_zero, bits) && mdg_is_int(p->b_zero, bits) &&
           mdg_within(p->left_shift, 0, 31 - bits) && mdg_is_fraction(p->a_mult, p->a_shift) &&
           mdg_is_fraction(p->b_mult, p->b_shift) && mdg_is_multiplier(p->out_mult, p->out_shift);
}

static bool mul(const mdg_mul_params *p, mdg_sizes *s, int32_t bits) {
    const uint32_t size = (uint32_t)bits / 8;
    return broadcast(p, s, size, size) && mdg_is_int(p->a_zero, bits) && mdg_is_int(p->b_zero, bits) &&
           mdg_is_multiplier(p->mult, p->shift);
}

static bool mul_smlad(const mdg_mul_smlad_params *p, mdg_sizes *s, uint32_t size) {
    return broadcast(p, s, size, size) && mdg_is_int(p->a_zero, 8) && mdg_is_int(p->b_zero, 8) &&
           p->mult >= 0 && mdg_within(p->right, 1, 31);
}

static bool mul_scalar(const mdg_mul_scalar_params *p, mdg_sizes *s, uint32_t size) {
    return broadcast(p, s, size, size) && mdg_is_int(p->a_zero, 8) && mdg_is_int(p->b_zero, 8) &&
           mdg_within(p->shift, 0, 31);
}

static bool mul_mve(const mdg_mul_mve_params *p, mdg_sizes *s, uint32_t size) {
    return broadcast(p, s, size, size) && p->a_stride[p->rank - 1] == 1 && p->b_stride[p->rank - 1] == 1 &&
           mdg_is_int(p->a_zero, 8) && mdg_is_int(p->b_zero, 8) && mdg_is_int(p->out_zero, 8) &&
           p->mult >= 0 && mdg_within(p->right, 1, 31);
}

/* 16 bits have room for their product alone. */
static bool mul_s16(const mdg_mul_params *p, mdg_sizes *s, int32_t bits) {
    return mul(p, s, bits) && p->a_zero == 0 && p->b_zero == 0;
}

/* Operand b is int8. */
static bool prelu(const mdg_prelu_params *p, mdg_sizes *s, int32_t bits) {
    const uint32_t size = (uint32_t)bits / 8;
    return mdg_within(p->rank, 1, MDG_MAX_RANK) &&
           mdg_has_in(s, 0, mdg_span_of(p->dim, p->a_stride, p->rank), size) &&
           mdg_has_in(s, 1, mdg_span_of(p->dim, p->b_stride, p->rank), 1) &&
           mdg_has_out(s, 0, mdg_count_of(p->dim, p->rank), size) && mdg_may_share(s) &&
           mdg_is_int(p->a_zero, bits) && mdg_is_int(p->b_zero, 8) && mdg_is_multiplier(p->mult, p->shift) &&
           mdg_is_multiplier(p->slope_mult, p->slope_shift);
}

static bool select(const mdg_select_params *p, mdg_sizes *s, uint32_t size) {
    return mdg_within(p->rank, 1, MDG_MAX_RANK) &&
           mdg_has_in(s, 0, mdg_span_of(p->dim, p->condition_stride, p->rank), 1) &&
           mdg_has_in(s, 1, mdg_span_of(p->dim, p->a_stride, p->rank), size) &&
           mdg_has_in(s, 2, mdg_span_of(p->dim, p->b_stride, p->rank), size) &&
           mdg_has_out(s, 0, mdg_count_of(p->dim, p->rank), size) && mdg_may_share(s);
}

static bool compare(const mdg_compare_params *p, mdg_sizes *s, int32_t bits) {
    return broadcast(p, s, (uint32_t)bits / 8, 1) && mdg_is_int(p->a_zero, bits) &&
           mdg_is_int(p->b_zero, bits) && mdg_is_multiplier(p->a_mult, p->a_shift) &&
           mdg_is_multiplier(p->b_mult, p->b_shift);
}

MDG_CHECK(add_s8, add, add, 8)
MDG_CHECK(add_s16, add, add, 16)
MDG_CHECK(add_s32, broadcast, broadcast, 4, 4)
MDG_CHECK(add_f32, binary_f32, broadcast, 4, 4)
MDG_CHECK(mul_s8, mul, mul, 8)
MDG_CHECK(mul_smlad_s8, mul_smlad, mul_smlad, 1)
MDG_CHECK(mul_scalar_s8, mul_scalar, mul_scalar, 1)
MDG_CHECK(mul_mve_s8, mul_mve, mul_mve, 1)
MDG_CHECK(mul_s16, mul, mul_s16, 16)
MDG_CHECK(mul_s32, binary_i32, broadcast, 4, 4)
MDG_CHECK(mul_f32, binary_f32, broadcast, 4, 4)
MDG_CHECK(sub_s8, add, add, 8)
MDG_CHECK(sub_s16, add, add, 16)
MDG_CHECK(sub_s32, binary_i32, broadcast, 4, 4)
MDG_CHECK(sub_f32, binary_f32, broadcast, 4, 4)
MDG_CHECK(squared_difference_s8, add, add, 8)
MDG_CHECK(squared_difference_s16, add, add, 16)
MDG_CHECK(squared_difference_s32, broadcast, broadcast, 4, 4)
MDG_CHECK(squared_difference_f32, broadcast, broadcast, 4, 4)
MDG_CHECK(div_s8, mul, mul, 8)
MDG_CHECK(div_s32, binary_i32, broadcast, 4, 4)
MDG_CHECK(div_f32, binary_f32, broadcast, 4, 4)
MDG_CHECK(floor_div_f32, broadcast, broadcast, 4, 4)
MDG_CHECK(floor_mod_f32, broadcast, broadcast, 4, 4)
MDG_CHECK(prelu_s8, prelu, prelu, 8)
MDG_CHECK(prelu_s16, prelu, prelu, 16)
MDG_CHECK(prelu_f32, broadcast, broadcast, 4, 4)

MDG_CHECK(equal_f32, broadcast, broadcast, 4, 1)
MDG_CHECK(equal_s32, broadcast, broadcast, 4, 1)
MDG_CHECK(equal_s64, broadcast, broadcast, 8, 1)
MDG_CHECK(equal_s8, compare, compare, 8)
MDG_CHECK(equal_bool, broadcast, broadcast, 1, 1)
MDG_CHECK(not_equal_f32, broadcast, broadcast, 4, 1)
MDG_CHECK(not_equal_s32, broadcast, broadcast, 4, 1)
MDG_CHECK(not_equal_s64, broadcast, broadcast, 8, 1)
MDG_CHECK(not_equal_s8, compare, compare, 8)
MDG_CHECK(not_equal_bool, broadcast, broadcast, 1, 1)
MDG_CHECK(less_f32, broadcast, broadcast, 4, 1)
MDG_CHECK(less_s32, broadcast, broadcast, 4, 1)
MDG_CHECK(less_s64, broadcast, broadcast, 8, 1)
MDG_CHECK(less_s8, compare, compare, 8)
MDG_CHECK(less_s16, compare, compare, 16)
MDG_CHECK(less_equal_f32, broadcast, broadcast, 4, 1)
MDG_CHECK(less_equal_s32, broadcast, broadcast, 4, 1)
MDG_CHECK(less_equal_s64, broadcast, broadcast, 8, 1)
MDG_CHECK(less_equal_s8, compare, compare, 8)

MDG_CHECK(maximum_f32, broadcast, broadcast, 4, 4)
MDG_CHECK(maximum_s8, broadcast, broadcast, 1, 1)
MDG_CHECK(maximum_s16, broadcast, broadcast, 2, 2)
MDG_CHECK(maximum_s32, broadcast, broadcast, 4, 4)
MDG_CHECK(maximum_s64, broadcast, broadcast, 8, 8)
MDG_CHECK(minimum_f32, broadcast, broadcast, 4, 4)
MDG_CHECK(minimum_s8, broadcast, broadcast, 1, 1)
MDG_CHECK(minimum_s16, broadcast, broadcast, 2, 2)
MDG_CHECK(minimum_s32, broadcast, broadcast, 4, 4)
MDG_CHECK(minimum_s64, broadcast, broadcast, 8, 8)
MDG_CHECK(logical_and_bool, broadcast, broadcast, 1, 1)
MDG_CHECK(logical_or_bool, broadcast, broadcast, 1, 1)

MDG_CHECK(select_8, select, select, 1)
MDG_CHECK(select_16, select, select, 2)
MDG_CHECK(select_32, select, select, 4)
MDG_CHECK(select_64, select, select, 8)
