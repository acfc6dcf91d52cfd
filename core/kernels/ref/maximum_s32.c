/* SPDX-License-Identifier: MIT
 *
 * MAXIMUM on int32, with broadcasting: the larger operand.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int32_t maximum_s32(const mdg_broadcast_params *p, int32_t a, int32_t b) {
    (void)p;
    return a > b ? a : b;
}

MDG_BROADCAST_KERNEL(maximum_s32, broadcast, int32_t, int32_t, maximum_s32)
