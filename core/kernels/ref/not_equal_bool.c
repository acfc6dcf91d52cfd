/* SPDX-License-Identifier: MIT
 *
 * NOT_EQUAL on bool, with broadcasting: y = a != b
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t not_equal_bool(const mdg_broadcast_params *p, uint8_t a, uint8_t b) {
    (void)p;
    return a != b;
}

MDG_BROADCAST_KERNEL(not_equal_bool, broadcast, uint8_t, uint8_t, not_equal_bool)
