/* SPDX-License-Identifier: MIT
 *
 * LOGICAL_OR, with broadcasting.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t logical_or_bool(const mdg_broadcast_params *p, uint8_t a, uint8_t b) {
    (void)p;
    return a || b;
}

MDG_BROADCAST_KERNEL(logical_or_bool, broadcast, uint8_t, uint8_t, logical_or_bool)
