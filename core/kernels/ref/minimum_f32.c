/* SPDX-License-Identifier: MIT
 *
 * MINIMUM on float32, with broadcasting: the smaller operand; b where either is NaN.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline float minimum_f32(const mdg_broadcast_params *p, float a, float b) {
    (void)p;
    return a < b ? a : b;
}

MDG_BROADCAST_KERNEL(minimum_f32, broadcast, float, float, minimum_f32)
