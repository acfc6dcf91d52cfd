/* SPDX-License-Identifier: MIT
 *
 * LOGICAL_AND, LOGICAL_OR (with broadcasting), LOGICAL_NOT: a byte a value, not 0 is true; results are 0
 * or 1.
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "unary.h"

MDG_BROADCAST_LOOP(logical_and_bool, broadcast, uint8_t, uint8_t, uint8_t, a &&b)
MDG_BROADCAST_LOOP(logical_or_bool, broadcast, uint8_t, uint8_t, uint8_t, a || b)
MDG_UNARY_KERNEL(logical_not_bool, unary, uint8_t, uint8_t, !x)
