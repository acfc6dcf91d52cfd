/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX on float32: y = exp((x - max) * beta) / sum, over each row.
 */
#include "midge/kernel.h"
#include <float.h>
#include <math.h>

MDG_KERNEL void mdg_softmax_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_f32_params *p = (const mdg_softmax_f32_params *)params;
    const float *x = (const float *)in[0]; /* [rows][depth] */
    float *y = (float *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        float max = -FLT_MAX;
        for (int32_t c = 0; c < p->depth; c++) max = max < x[c] ? x[c] : max;
        float sum = 0.0f;
        for (int32_t c = 0; c < p->depth; c++) {
            y[c] = expf((x[c] - max) * p->beta);
            sum += y[c];
        }
        for (int32_t c = 0; c < p->depth; c++) y[c] = y[c] / sum;
    }
}
