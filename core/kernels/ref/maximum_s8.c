/* SPDX-License-Identifier: MIT
 *
 * MAXIMUM on int8, with broadcasting: the larger operand. All three tensors have one scale.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int8_t maximum_s8(const mdg_broadcast_params *p, int8_t a, int8_t b) {
    (void)p;
    return a > b ? a : b;
}

MDG_BROADCAST_KERNEL(maximum_s8, broadcast, int8_t, int8_t, maximum_s8)
