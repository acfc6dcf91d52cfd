/* SPDX-License-Identifier: MIT
 *
 * SUM on float32 over any dimensions, in the order in which the elements lie in memory.
 */
#include "midge/kernel.h"
#include "reduce_util.h"

MDG_KERNEL void mdg_sum_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_reduce_shape_params *p = (const mdg_reduce_shape_params *)params;
    const float *x = (const float *)in[0]; /* [inputs * outputs] */
    float *y = (float *)out[0];            /* [outputs] */

    for (int32_t o = 0; o < p->outputs; o++) {
        const float *base = x + mdg_reduce_offset(p->kept, p->kept_stride, o);
        float sum = 0.0f;
        for (int32_t i = 0; i < p->inputs; i++)
            sum += base[mdg_reduce_offset(p->reduced, p->reduced_stride, i)];
        y[o] = sum;
    }
}
