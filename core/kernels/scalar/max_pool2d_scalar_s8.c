/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on int8, at least four channels: as max_pool2d_s8, without the clamp.
 *
 * A word of four channels is compared four times, moved up so that one channel after the other stands at the
 * top: what lies below decides between equals only.
 */
#include "../armv7em/pool_lanes.h"

/* Of each channel the largest, at the top; no array, which compilers would keep in memory */
typedef struct max_scalar {
    int32_t c0, c1, c2, c3;
} max_scalar;

static inline int32_t max_scalar_of(int32_t max, uint32_t moved) {
    return (int32_t)moved > max ? (int32_t)moved : max;
}

static inline max_scalar max_scalar_word(max_scalar m, uint32_t word) {
    m.c0 = max_scalar_of(m.c0, word << 24);
    m.c1 = max_scalar_of(m.c1, word << 16);
    m.c2 = max_scalar_of(m.c2, word << 8);
    m.c3 = max_scalar_of(m.c3, word);
    return m;
}

/* Whole words where they are aligned, since such processors load others byte by byte */
static inline max_scalar max_scalar_row(max_scalar m, const int8_t *x, int32_t columns, int32_t pixel) {
    if ((((uintptr_t)x | (uintptr_t)pixel) & 3) == 0)
        for (; columns > 0; columns--, x += pixel) m = max_scalar_word(m, mdg_load4_aligned(x));
    else
        for (; columns > 0; columns--, x += pixel) m = max_scalar_word(m, mdg_load4(x));
    return m;
}

static inline uint32_t max_scalar_window(const mdg_pool2d_params *p, mdg_pool_window w) {
    max_scalar m = {INT32_MIN, INT32_MIN, INT32_MIN, INT32_MIN};
    for (int32_t rows = w.rows; rows > 0; rows--, w.x += p->in_w * w.pixel)
        m = max_scalar_row(m, w.x, w.columns, w.pixel);
    return (uint32_t)m.c0 >> 24 | (uint32_t)m.c1 >> 24 << 8 | (uint32_t)m.c2 >> 24 << 16 |
           ((uint32_t)m.c3 & 0xFF000000u);
}

MDG_KERNEL void mdg_max_pool2d_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][channels] */
    mdg_pool_lanes(p, x, y, p->channels, max_scalar_window);
}
