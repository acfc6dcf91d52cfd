/* SPDX-License-Identifier: MIT
 *
 * L2_POOL_2D on float32: the root of the mean of the squares of the window's elements inside the input.
 */
#include "midge/kernel.h"
#include <math.h>
#include "float_util.h"
#include "pool_util.h"

static inline float l2_pool2d_f32_window(const mdg_pool2d_f32_params *p, const float *x, mdg_span rows,
                                         mdg_span columns) {
    const int32_t count = (rows.to - rows.from) * (columns.to - columns.from);
    float sum = 0.0f;
    for (int32_t iy = rows.from; iy < rows.to; iy++) {
        for (int32_t ix = columns.from; ix < columns.to; ix++) {
            const float v = x[(iy * p->in_w + ix) * p->channels];
            sum += v * v;
        }
    }
    return sqrtf(sum / (float)count);
}

MDG_POOL2D_KERNEL(l2_pool2d_f32, pool2d_f32, float, l2_pool2d_f32_window, mdg_limit_f32)
