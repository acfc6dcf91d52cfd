/* SPDX-License-Identifier: MIT
 *
 * SQUARED_DIFFERENCE on int32 without quantisation, with broadcasting: y = (a - b)^2, wrapping around.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(squared_difference_s32, broadcast, int32_t, int32_t, int32_t,
                   mdg_wrapping_mul(mdg_wrapping_sub(a, b), mdg_wrapping_sub(a, b)))
