/* SPDX-License-Identifier: MIT
 *
 * From one int8 scale to another (QUANTIZE, RELU): y = clamp(requantize(x - x_zero, mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "requantize.h"
#include "unary.h"

MDG_UNARY_KERNEL(requantize_s8_s8, requantize, int8_t, int8_t, mdg_requantized(p, x))
