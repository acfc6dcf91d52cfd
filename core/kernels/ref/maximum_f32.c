/* SPDX-License-Identifier: MIT
 *
 * MAXIMUM on float32, with broadcasting: the larger operand; b where either is NaN.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline float maximum_f32(const mdg_broadcast_params *p, float a, float b) {
    (void)p;
    return a > b ? a : b;
}

MDG_BROADCAST_KERNEL(maximum_f32, broadcast, float, float, maximum_f32)
