/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on int16, at least two channels: as average_pool2d_s16, without the clamp.
 */
#include "pool_lanes.h"

static inline int32_t average_lanes_s16_divide(int32_t sum, int32_t count) {
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

static inline uint32_t average_lanes_s16_window(const mdg_pool2d_params *p, mdg_pool_window w) {
    const int32_t count = w.rows * w.columns;
    int32_t sum[2] = {0, 0};
    for (int32_t rows = w.rows; rows > 0; rows--, w.x += p->in_w * w.pixel)
        mdg_lanes_add_s16(sum, w.x, w.pixel, w.columns);
    return mdg_pack16(average_lanes_s16_divide(sum[0], count), average_lanes_s16_divide(sum[1], count));
}

MDG_KERNEL void mdg_average_pool2d_lanes_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* int16, [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* int16, [batches][out_h][out_w][channels] */
    mdg_pool_lanes(p, x, y, 2 * p->channels, average_lanes_s16_window);
}
