/* SPDX-License-Identifier: MIT
 *
 * MUL on int8, with broadcasting: y = clamp(requantize((a - a_zero) * (b - b_zero), mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

static inline int8_t mul_s8(const mdg_mul_params *p, int32_t a, int32_t b) {
    const int32_t q = mdg_requantize_to((a - p->a_zero) * (b - p->b_zero), p->mult, p->shift, p->out_zero);
    return (int8_t)mdg_clamp(q, p->act_min, p->act_max);
}

MDG_BROADCAST_KERNEL(mul_s8, mul, int8_t, int8_t, mul_s8)
