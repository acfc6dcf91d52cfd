/* SPDX-License-Identifier: MIT
 *
 * MUL on int16, with broadcasting: y = clamp(requantize((a - a_zero) * (b - b_zero), mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "mul_util.h"

MDG_BROADCAST_KERNEL(mul_s16, mul, int16_t, int16_t, mdg_mul_scaled)
