/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on float32: the largest of the window's elements inside the input. NaN is passed over.
 */
#include "midge/kernel.h"
#include <float.h>
#include "float_util.h"
#include "pool_util.h"

static inline float max_pool2d_f32_window(const mdg_pool2d_f32_params *p, const float *x, mdg_span rows,
                                          mdg_span columns) {
    float max = -FLT_MAX;
    for (int32_t iy = rows.from; iy < rows.to; iy++) {
        for (int32_t ix = columns.from; ix < columns.to; ix++) {
            const float v = x[(iy * p->in_w + ix) * p->channels];
            if (max < v) max = v;
        }
    }
    return max;
}

MDG_POOL2D_KERNEL(max_pool2d_f32, pool2d_f32, float, max_pool2d_f32_window, mdg_limit_f32)
