/* SPDX-License-Identifier: MIT
 *
 * SUB on int8, with broadcasting: y = clamp(requantize(a' - b') + y_zero); add_util.h tells what a' and b'
 * are.
 */
#include "midge/kernel.h"
#include "add_util.h"
#include "broadcast.h"

MDG_BROADCAST_KERNEL(sub_s8, add, int8_t, int8_t, mdg_add_difference)
