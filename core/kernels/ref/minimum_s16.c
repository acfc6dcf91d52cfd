/* SPDX-License-Identifier: MIT
 *
 * MINIMUM on int16, with broadcasting: the smaller operand. All three tensors have one scale.
 */
#include "midge/kernel.h"
#include "broadcast.h"

static inline int16_t minimum_s16(const mdg_broadcast_params *p, int16_t a, int16_t b) {
    (void)p;
    return a < b ? a : b;
}

MDG_BROADCAST_KERNEL(minimum_s16, broadcast, int16_t, int16_t, minimum_s16)
