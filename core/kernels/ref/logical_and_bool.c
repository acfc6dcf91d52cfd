/* SPDX-License-Identifier: MIT
 *
 * LOGICAL_AND, with broadcasting.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t logical_and_bool(const mdg_broadcast_params *p, uint8_t a, uint8_t b) {
    (void)p;
    return a && b;
}

MDG_BROADCAST_KERNEL(logical_and_bool, broadcast, uint8_t, uint8_t, logical_and_bool)
