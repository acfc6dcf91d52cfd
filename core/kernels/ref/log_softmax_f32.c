/* SPDX-License-Identifier: MIT
 *
 * LOG_SOFTMAX on float32: y = x - max - log(sum of exp(x - max)) over each row.
 */
#include "midge/kernel.h"
#include <float.h>
#include <math.h>

static inline float log_softmax_f32_sum(const float *x, int32_t depth, float max) {
    float sum = 0.0f;
    for (int32_t c = 0; c < depth; c++) sum += expf(x[c] - max);
    return sum;
}

MDG_KERNEL void mdg_log_softmax_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_rows_params *p = (const mdg_rows_params *)params;
    const float *x = (const float *)in[0]; /* [rows][depth] */
    float *y = (float *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        float max = -FLT_MAX;
        for (int32_t c = 0; c < p->depth; c++) max = max < x[c] ? x[c] : max;
        const float log_sum = logf(log_softmax_f32_sum(x, p->depth, max));
        for (int32_t c = 0; c < p->depth; c++) y[c] = x[c] - max - log_sum;
    }
}
