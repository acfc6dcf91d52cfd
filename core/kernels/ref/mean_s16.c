/* SPDX-License-Identifier: MIT
 *
 * MEAN and SUM on int16 over any dimensions: y = clamp(requantize(sum x - inputs * x_zero, mult, shift) +
 * y_zero); for a mean the factor 1 / inputs is part of mult. Sums wrap around at 32 bits, as in TFLM.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "reduce_util.h"

MDG_KERNEL void mdg_mean_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_reduce_params *p = (const mdg_reduce_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [inputs * outputs] */
    int16_t *y = (int16_t *)out[0];            /* [outputs] */

    for (int32_t o = 0; o < p->outputs; o++) {
        const int16_t *base = x + mdg_reduce_offset(p->kept, p->kept_stride, o);
        int32_t sum = 0;
        for (int32_t i = 0; i < p->inputs; i++)
            sum =
                mdg_wrapping_add(sum, base[mdg_reduce_offset(p->reduced, p->reduced_stride, i)] - p->in_zero);
        const int32_t q = mdg_requantize_to(sum, p->mult, p->shift, p->out_zero);
        y[o] = (int16_t)mdg_clamp(q, INT16_MIN, INT16_MAX);
    }
}
