/* SPDX-License-Identifier: MIT
 *
 * ABS on int8 and int16: y = clamp(requantize(|x - x_zero|, mult, shift) + y_zero). int16 without
 * quantisation has factor 1 and a clamp that lets 32768 through, which wraps around to -32768, as in TFLM.
 */
#include "midge/kernel.h"
#include "requantize.h"
#include "unary.h"

static inline int32_t mdg_abs_scaled(const mdg_requantize_params *p, int32_t x) {
    return mdg_requantized(p, x < p->in_zero ? 2 * p->in_zero - x : x);
}

MDG_UNARY_KERNEL(abs_s8, requantize, int8_t, int8_t, mdg_abs_scaled(p, x))
MDG_UNARY_KERNEL(abs_s16, requantize, int16_t, int16_t, mdg_abs_scaled(p, x))
