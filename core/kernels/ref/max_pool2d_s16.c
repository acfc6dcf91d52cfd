/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on int16: the largest of the window's elements inside the input. Input and output have one
 * scale and zero point.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "pool_util.h"

static inline int32_t max_pool2d_s16_window(const mdg_pool2d_params *p, const int16_t *x, mdg_span rows,
                                            mdg_span columns) {
    int32_t max = INT16_MIN;
    for (int32_t iy = rows.from; iy < rows.to; iy++) {
        for (int32_t ix = columns.from; ix < columns.to; ix++) {
            const int32_t v = x[(iy * p->in_w + ix) * p->channels];
            if (v > max) max = v;
        }
    }
    return max;
}

MDG_POOL2D_KERNEL(max_pool2d_s16, pool2d, int16_t, max_pool2d_s16_window, mdg_clamp)
