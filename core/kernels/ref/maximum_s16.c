/* SPDX-License-Identifier: MIT
 *
 * MAXIMUM on int16, with broadcasting: the larger operand. All three tensors have one scale.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int16_t maximum_s16(const mdg_broadcast_params *p, int16_t a, int16_t b) {
    (void)p;
    return a > b ? a : b;
}

MDG_BROADCAST_KERNEL(maximum_s16, broadcast, int16_t, int16_t, maximum_s16)
