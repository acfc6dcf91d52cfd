/* SPDX-License-Identifier: MIT
 *
 * LEAKY_RELU on int8 and int16: y = requantize(x - x_zero, mult, shift) + y_zero from x_zero on, and below
 * with slope_mult and slope_shift, which may be negative.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "unary.h"

static inline int32_t mdg_leaky_relu_scaled(const mdg_leaky_relu_params *p, int32_t q) {
    const int32_t x = q - p->in_zero;
    return x >= 0 ? mdg_requantize_to(x, p->mult, p->shift, p->out_zero)
                  : mdg_requantize_to(x, p->slope_mult, p->slope_shift, p->out_zero);
}

MDG_UNARY_KERNEL(leaky_relu_s8, leaky_relu, int8_t, int8_t,
                 mdg_clamp(mdg_leaky_relu_scaled(p, x), INT8_MIN, INT8_MAX))
MDG_UNARY_KERNEL(leaky_relu_s16, leaky_relu, int16_t, int16_t,
                 mdg_clamp(mdg_leaky_relu_scaled(p, x), INT16_MIN, INT16_MAX))
