/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on int16, at least two channels: as max_pool2d_s16, without the clamp.
 */
#include "pool_lanes.h"

static inline uint32_t max_lanes_s16_window(const mdg_pool2d_params *p, mdg_pool_window w) {
    const int32_t back = (p->in_w - w.columns) * w.pixel;
    uint32_t max = mdg_load4(w.x);
    for (int32_t rows = w.rows; rows > 0; rows--, w.x += back)
        for (int32_t columns = w.columns; columns > 0; columns--, w.x += w.pixel)
            max = mdg_max16(max, mdg_load4(w.x));
    return max;
}

MDG_KERNEL void mdg_max_pool2d_lanes_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* int16, [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* int16, [batches][out_h][out_w][channels] */
    mdg_pool_lanes(p, x, y, 2 * p->channels, max_lanes_s16_window);
}
