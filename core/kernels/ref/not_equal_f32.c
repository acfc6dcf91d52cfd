/* SPDX-License-Identifier: MIT
 *
 * NOT_EQUAL on float32, with broadcasting: y = a != b
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline uint8_t not_equal_f32(const mdg_broadcast_params *p, float a, float b) {
    (void)p;
    return a != b;
}

MDG_BROADCAST_KERNEL(not_equal_f32, broadcast, float, uint8_t, not_equal_f32)
