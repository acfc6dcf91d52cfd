/* SPDX-License-Identifier: MIT
 *
 * SUB on int16, with broadcasting: y = clamp(requantize(a' - b') + y_zero); add_util.h tells what a' and b'
 * are.
 */
#include "midge/kernel.h"
#include "add_util.h"
#include "broadcast.h"

MDG_BROADCAST_KERNEL(sub_s16, add, int16_t, int16_t, mdg_add_difference)
