/* SPDX-License-Identifier: MIT
 *
 * ADD on float32, with broadcasting: y = clamp(a + b)
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "float_util.h"

static inline float add_f32(const mdg_binary_f32_params *p, float a, float b) {
    return mdg_limit_f32(a + b, p->act_min, p->act_max);
}

MDG_BROADCAST_KERNEL(add_f32, binary_f32, float, float, add_f32)
