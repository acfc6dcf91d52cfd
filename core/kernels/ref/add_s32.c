/* SPDX-License-Identifier: MIT
 *
 * ADD on int32, with broadcasting, wrapping around; no activation, as in TFLM.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

static inline int32_t add_s32(const mdg_broadcast_params *p, int32_t a, int32_t b) {
    (void)p;
    return mdg_wrapping_add(a, b);
}

MDG_BROADCAST_KERNEL(add_s32, broadcast, int32_t, int32_t, add_s32)
