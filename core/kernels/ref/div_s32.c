/* SPDX-License-Identifier: MIT
 *
 * DIV on int32 without quantisation, with broadcasting: y = clamp(a / b), towards zero. What C leaves open is
 * as Cortex-M divides: x / 0 = 0, INT32_MIN / -1 = INT32_MIN.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

static inline int32_t div_s32(const mdg_binary_i32_params *p, int32_t a, int32_t b) {
    const int32_t quotient = b == 0 ? 0 : b == -1 ? mdg_wrapping_sub(0, a) : a / b;
    return mdg_clamp(quotient, p->act_min, p->act_max);
}

MDG_BROADCAST_KERNEL(div_s32, binary_i32, int32_t, int32_t, div_s32)
