/* SPDX-License-Identifier: MIT
 *
 * NOT_EQUAL, with broadcasting: y = a != b, 0 or 1. Quantised numbers are compared at a common scale
 * (compare.h).
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "compare.h"

MDG_BROADCAST_LOOP(not_equal_s8, compare, int8_t, int8_t, uint8_t, mdg_compare_a(p, a) != mdg_compare_b(p, b))
MDG_BROADCAST_LOOP(not_equal_bool, broadcast, uint8_t, uint8_t, uint8_t, a != b)
MDG_BROADCAST_LOOP(not_equal_s32, broadcast, int32_t, int32_t, uint8_t, a != b)
MDG_BROADCAST_LOOP(not_equal_s64, broadcast, int64_t, int64_t, uint8_t, a != b)
MDG_BROADCAST_LOOP(not_equal_f32, broadcast, float, float, uint8_t, a != b)
