/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on int8, at least four channels and windows of at most 256 columns: as average_pool2d_s8,
 * without the clamp.
 */
#include "pool_lanes.h"

/* By 1 / count in 24 bits where a division is long: exact for up to 361 elements, whose rounded sum is less
 * than 129 * count. */
static inline uint32_t average_lanes_divide(const int32_t sum[4], int32_t count) {
    uint32_t word = 0;
#if defined(__ARM_ARCH_6M__)
    const uint32_t whole = 1u << 24, inverse = (whole + (uint32_t)count - 1u) / (uint32_t)count;
    for (int32_t i = 3; i >= 0 && count <= MDG_LANES_MAX; i--) {
        const uint32_t size = (uint32_t)(sum[i] < 0 ? -sum[i] : sum[i]) + (uint32_t)count / 2u;
        const uint32_t y = size * inverse >> 24;
        word = word << 8 | ((sum[i] < 0 ? 0u - y : y) & 0xFFu);
    }
    if (count <= MDG_LANES_MAX) return word;
#endif
    for (int32_t i = 3; i >= 0; i--) {
        const int32_t half = sum[i] > 0 ? count / 2 : -(count / 2);
        word = word << 8 | ((uint32_t)((sum[i] + half) / count) & 0xFFu);
    }
    return word;
}

static inline uint32_t average_lanes_window(const mdg_pool2d_params *p, mdg_pool_window w) {
    const int32_t row = p->in_w * w.pixel, rows_at_once = MDG_LANES_MAX / w.columns;
    int32_t sum[4] = {0, 0, 0, 0};
    for (int32_t done = 0; done < w.rows; done += rows_at_once) {
        mdg_lanes s = mdg_lanes_none();
        for (int32_t i = 0; i < rows_at_once && i < w.rows - done; i++, w.x += row)
            mdg_lanes_add(&s, w.x, w.pixel, w.columns);
        mdg_lanes_to(&s, sum);
    }
    return average_lanes_divide(sum, w.rows * w.columns);
}

MDG_KERNEL void mdg_average_pool2d_lanes_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][channels] */
    mdg_pool_lanes(p, x, y, p->channels, average_lanes_window);
}
