/* SPDX-License-Identifier: MIT
 *
 * LESS and, with its inputs exchanged, GREATER on int64, with broadcasting: y = a < b
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t less_s64(const mdg_broadcast_params *p, int64_t a, int64_t b) {
    (void)p;
    return a < b;
}

MDG_BROADCAST_KERNEL(less_s64, broadcast, int64_t, uint8_t, less_s64)
