/* SPDX-License-Identifier: MIT
 *
 * PRELU on int8 and int16, with int8 slopes b and broadcasting: from a_zero on, y = requantize(a - a_zero,
 * mult, shift) + y_zero; below, y = requantize((a - a_zero) * (b - b_zero), slope_mult, slope_shift) +
 * y_zero.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

static inline int32_t mdg_prelu_scaled(const mdg_prelu_params *p, int32_t a, int32_t b) {
    const int32_t x = a - p->a_zero;
    if (x >= 0) return mdg_requantize_to(x, p->mult, p->shift, p->out_zero);
    return mdg_requantize_to(x * (b - p->b_zero), p->slope_mult, p->slope_shift, p->out_zero);
}

MDG_BROADCAST_LOOP(prelu_s8, prelu, int8_t, int8_t, int8_t,
                   mdg_clamp(mdg_prelu_scaled(p, a, b), INT8_MIN, INT8_MAX))
MDG_BROADCAST_LOOP(prelu_s16, prelu, int16_t, int8_t, int16_t,
                   mdg_clamp(mdg_prelu_scaled(p, a, b), INT16_MIN, INT16_MAX))
