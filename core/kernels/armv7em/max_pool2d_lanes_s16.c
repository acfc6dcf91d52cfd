/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on int16, at least two channels: as max_pool2d_s16, without the clamp.
 */
#include "pool_lanes.h"

static inline uint32_t max_lanes_s16_window(const mdg_pool2d_params *p, mdg_pool_window w) {
    return mdg_pool_largest(p, w, mdg_max16);
}

MDG_KERNEL void mdg_max_pool2d_lanes_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* int16, [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* int16, [batches][out_h][out_w][channels] */
    mdg_pool_lanes(p, x, y, 2 * p->channels, max_lanes_s16_window);
}
