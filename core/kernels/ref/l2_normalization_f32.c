/* SPDX-License-Identifier: MIT
 *
 * L2_NORMALIZATION on float32: y = x / |x| over each row; a norm below 1e-6 counts as 1e-6.
 */
#include "midge/kernel.h"
#include <math.h>

MDG_KERNEL void mdg_l2_normalization_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_rows_params *p = (const mdg_rows_params *)params;
    const float *x = (const float *)in[0]; /* [rows][depth] */
    float *y = (float *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        float sum = 0.0f;
        for (int32_t c = 0; c < p->depth; c++) sum += x[c] * x[c];
        const float root = sqrtf(sum), norm = root < 1e-6f ? 1e-6f : root;
        for (int32_t c = 0; c < p->depth; c++) y[c] = x[c] / norm;
    }
}
