/* SPDX-License-Identifier: MIT
 *
 * MINIMUM, with broadcasting: y = a < b ? a : b. Quantised numbers are compared as they are.
 */
#include "midge/kernel.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(minimum_s8, broadcast, int8_t, int8_t, int8_t, a < b ? a : b)
MDG_BROADCAST_LOOP(minimum_s16, broadcast, int16_t, int16_t, int16_t, a < b ? a : b)
MDG_BROADCAST_LOOP(minimum_s32, broadcast, int32_t, int32_t, int32_t, a < b ? a : b)
MDG_BROADCAST_LOOP(minimum_s64, broadcast, int64_t, int64_t, int64_t, a < b ? a : b)
MDG_BROADCAST_LOOP(minimum_f32, broadcast, float, float, float, a < b ? a : b)
