/* SPDX-License-Identifier: MIT
 *
 * add_util.h: how ADD, SUB and SQUARED_DIFFERENCE bring two quantised operands together.
 *
 * a' = requantize((a - a_zero) << left_shift, ...) and b' alike stand at half the scale of the wider operand
 * or finer. What the operator makes of them comes back as y = clamp(requantize(..., out_mult, out_shift) +
 * out_zero).
 */
#ifndef MDG_REF_ADD_UTIL_H
#define MDG_REF_ADD_UTIL_H

#include "../../fixed.h"

static inline int32_t mdg_add_a(const mdg_add_params *p, int32_t a) {
    return mdg_requantize((a - p->a_zero) * (int32_t)(UINT32_C(1) << p->left_shift), p->a_mult, p->a_shift);
}

static inline int32_t mdg_add_b(const mdg_add_params *p, int32_t b) {
    return mdg_requantize((b - p->b_zero) * (int32_t)(UINT32_C(1) << p->left_shift), p->b_mult, p->b_shift);
}

static inline int32_t mdg_add_out(const mdg_add_params *p, int32_t x) {
    const int32_t q = mdg_requantize_to(x, p->out_mult, p->out_shift, p->out_zero);
    return mdg_clamp(q, p->act_min, p->act_max);
}

/* a' + b', a' - b', (a' - b')^2; where scales are sound, nothing wraps around. */
static inline int32_t mdg_add_sum(const mdg_add_params *p, int32_t a, int32_t b) {
    return mdg_add_out(p, mdg_wrapping_add(mdg_add_a(p, a), mdg_add_b(p, b)));
}

static inline int32_t mdg_add_difference(const mdg_add_params *p, int32_t a, int32_t b) {
    return mdg_add_out(p, mdg_wrapping_sub(mdg_add_a(p, a), mdg_add_b(p, b)));
}

static inline int32_t mdg_add_squared_difference(const mdg_add_params *p, int32_t a, int32_t b) {
    const int32_t difference = mdg_wrapping_sub(mdg_add_a(p, a), mdg_add_b(p, b));
    return mdg_add_out(p, mdg_wrapping_mul(difference, difference));
}

#endif
