/* SPDX-License-Identifier: MIT
 *
 * MUL on int8, with broadcasting: y = clamp(requantize((a - a_zero) * (b - b_zero), mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "mul_util.h"

MDG_BROADCAST_KERNEL(mul_s8, mul, int8_t, int8_t, mdg_mul_scaled)
