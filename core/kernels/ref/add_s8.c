/* SPDX-License-Identifier: MIT
 *
 * ADD on int8, with broadcasting.
 *
 * y = clamp(requantize(a' + b', out_mult, out_shift) + y_zero), where a' = requantize((a - a_zero) <<
 * left_shift, ...) stands at half the scale of the wider operand.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

static inline int8_t add_s8(const mdg_add_params *p, int32_t a, int32_t b) {
    const int32_t one = (int32_t)(1u << p->left_shift);
    const int32_t a_scaled = mdg_requantize((a - p->a_zero) * one, p->a_mult, p->a_shift);
    const int32_t b_scaled = mdg_requantize((b - p->b_zero) * one, p->b_mult, p->b_shift);
    const int32_t q = mdg_requantize_to(a_scaled + b_scaled, p->out_mult, p->out_shift, p->out_zero);
    return (int8_t)mdg_clamp(q, p->act_min, p->act_max);
}

MDG_BROADCAST_KERNEL(add_s8, add, int8_t, int8_t, add_s8)
