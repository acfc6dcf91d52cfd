/* SPDX-License-Identifier: MIT
 *
 * LESS and, with its inputs exchanged, GREATER on int32, with broadcasting: y = a < b
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t less_s32(const mdg_broadcast_params *p, int32_t a, int32_t b) {
    (void)p;
    return a < b;
}

MDG_BROADCAST_KERNEL(less_s32, broadcast, int32_t, uint8_t, less_s32)
