/* SPDX-License-Identifier: MIT
 *
 * pool_lanes.h: the loop of the pooling kernels that take a word of channels at a time, four of int8 or two
 * of int16.
 */
#ifndef MDG_ARMV7EM_POOL_LANES_H
#define MDG_ARMV7EM_POOL_LANES_H

#include "midge/kernel.h"
#include "../ref/pool_util.h"
#include "lanes.h"

/* Part of a window inside the input, at a word of channels: `rows` rows of `columns` words that stand `pixel`
 * bytes apart */
typedef struct mdg_pool_window {
    const int8_t *x;
    int32_t rows, columns, pixel;
} mdg_pool_window;

/* One word of output */
typedef uint32_t mdg_pool_fn(const mdg_pool2d_params *p, mdg_pool_window w);

/* The largest of a window, lane by lane, as `larger` has it of two words */
static inline uint32_t mdg_pool_largest(const mdg_pool2d_params *p, mdg_pool_window w,
                                        uint32_t (*larger)(uint32_t a, uint32_t b)) {
    const int32_t back = (p->in_w - w.columns) * w.pixel;
    uint32_t max = mdg_load4(w.x);
    for (int32_t rows = w.rows; rows > 0; rows--, w.x += back)
        for (int32_t columns = w.columns; columns > 0; columns--, w.x += w.pixel)
            max = larger(max, mdg_load4(w.x));
    return max;
}

static inline void mdg_pool_pixel(const mdg_pool2d_params *p, mdg_pool_window w, int8_t *y,
                                  mdg_pool_fn *pool) {
    const int8_t *x = w.x;
    for (int32_t at = 0; at < w.pixel; at += 4) {
        const int32_t first = mdg_lanes_first(at, w.pixel);
        w.x = x + first;
        mdg_store4(y + first, pool(p, w));
    }
}

/* pixel: bytes of one, at least 4 */
static inline void mdg_pool_lanes(const mdg_pool2d_params *p, const int8_t *x, int8_t *y, int32_t pixel,
                                  mdg_pool_fn *pool) {
    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * pixel) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            const mdg_span rows = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);
            for (int32_t ox = 0; ox < p->out_w; ox++, y += pixel) {
                const mdg_span columns = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);
                mdg_pool_window w;
                w.x = x + (rows.from * p->in_w + columns.from) * pixel;
                w.rows = rows.to - rows.from;
                w.columns = columns.to - columns.from;
                w.pixel = pixel;
                mdg_pool_pixel(p, w, y, pool);
            }
        }
    }
}

#endif
