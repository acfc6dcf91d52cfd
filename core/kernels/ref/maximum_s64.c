/* SPDX-License-Identifier: MIT
 *
 * MAXIMUM on int64, with broadcasting: the larger operand.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int64_t maximum_s64(const mdg_broadcast_params *p, int64_t a, int64_t b) {
    (void)p;
    return a > b ? a : b;
}

MDG_BROADCAST_KERNEL(maximum_s64, broadcast, int64_t, int64_t, maximum_s64)
