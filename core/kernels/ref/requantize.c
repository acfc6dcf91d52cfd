/* SPDX-License-Identifier: MIT
 *
 * QUANTIZE from one integer type to another, RELU on int16 (requantize.h)
 */
#include "midge/kernel.h"
#include "requantize.h"
#include "unary.h"

MDG_UNARY_KERNEL(requantize_s8_u8, requantize, int8_t, uint8_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s8_s16, requantize, int8_t, int16_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s8_s32, requantize, int8_t, int32_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_u8_s8, requantize, uint8_t, int8_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s16_s8, requantize, int16_t, int8_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s16_s16, requantize, int16_t, int16_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s16_s32, requantize, int16_t, int32_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s32_s8, requantize, int32_t, int8_t, mdg_requantized(p, x))
MDG_UNARY_KERNEL(requantize_s32_s16, requantize, int32_t, int16_t, mdg_requantized(p, x))
