/* SPDX-License-Identifier: MIT
 *
 * MINIMUM on int64, with broadcasting: the smaller operand.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int64_t minimum_s64(const mdg_broadcast_params *p, int64_t a, int64_t b) {
    (void)p;
    return a < b ? a : b;
}

MDG_BROADCAST_KERNEL(minimum_s64, broadcast, int64_t, int64_t, minimum_s64)
