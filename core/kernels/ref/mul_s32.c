/* SPDX-License-Identifier: MIT
 *
 * MUL on int32 without quantisation, with broadcasting: y = clamp(a * b); the product wraps around.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(mul_s32, binary_i32, int32_t, int32_t, int32_t,
                   mdg_clamp(mdg_wrapping_mul(a, b), p->act_min, p->act_max))
