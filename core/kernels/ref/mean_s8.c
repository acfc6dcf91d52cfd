/* SPDX-License-Identifier: MIT
 *
 * MEAN and SUM on int8 over any dimensions: y = clamp(requantize(sum x - inputs * x_zero, mult, shift) +
 * y_zero); for a mean the factor 1 / inputs is part of mult.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "reduce_util.h"

MDG_KERNEL void mdg_mean_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_reduce_params *p = (const mdg_reduce_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [inputs * outputs] */
    int8_t *y = (int8_t *)out[0];            /* [outputs] */

    for (int32_t o = 0; o < p->outputs; o++) {
        const int8_t *base = x + mdg_reduce_offset(p->kept, p->kept_stride, o);
        int32_t sum = 0;
        for (int32_t i = 0; i < p->inputs; i++)
            sum += base[mdg_reduce_offset(p->reduced, p->reduced_stride, i)];
        const int32_t q = mdg_requantize_to(sum - p->inputs * p->in_zero, p->mult, p->shift, p->out_zero);
        y[o] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
    }
}
