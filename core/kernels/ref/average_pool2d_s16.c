/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on int16: the mean of the window's elements inside the input, halves rounded away from
 * zero. Input and output have one scale and zero point.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "pool_util.h"

static inline int32_t average_pool2d_s16_window(const mdg_pool2d_params *p, const int16_t *x, mdg_span rows,
                                                mdg_span columns) {
    const int32_t count = (rows.to - rows.from) * (columns.to - columns.from);
    int32_t sum = 0;
    for (int32_t iy = rows.from; iy < rows.to; iy++)
        for (int32_t ix = columns.from; ix < columns.to; ix++) sum += x[(iy * p->in_w + ix) * p->channels];
    return (sum > 0 ? sum + count / 2 : sum - count / 2) / count;
}

MDG_POOL2D_KERNEL(average_pool2d_s16, pool2d, int16_t, average_pool2d_s16_window, mdg_clamp)
