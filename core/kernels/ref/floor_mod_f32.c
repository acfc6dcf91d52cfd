/* SPDX-License-Identifier: MIT
 *
 * FLOOR_MOD on float32, with broadcasting: the remainder of a / b that has the sign of b
 */
#include <math.h>

#include "midge/kernel.h"
#include "broadcast.h"

static inline float floor_mod_f32(const mdg_broadcast_params *p, float a, float b) {
    (void)p;
    const float rest = fmodf(a, b);
    return rest < 0.0f || rest > 0.0f ? ((b < 0.0f) != (rest < 0.0f) ? rest + b : rest) : rest;
}

MDG_BROADCAST_KERNEL(floor_mod_f32, broadcast, float, float, floor_mod_f32)
