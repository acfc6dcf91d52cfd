/* SPDX-License-Identifier: MIT
 *
 * REDUCE_ALL over any dimensions: whether all are true.
 */
#include "midge/kernel.h"
#include "reduce_util.h"

MDG_KERNEL void mdg_reduce_all(const void *params, const void *const *in, void *const *out) {
    const mdg_reduce_shape_params *p = (const mdg_reduce_shape_params *)params;
    const uint8_t *x = (const uint8_t *)in[0]; /* [inputs * outputs] */
    uint8_t *y = (uint8_t *)out[0];            /* [outputs] */

    for (int32_t o = 0; o < p->outputs; o++) {
        const uint8_t *base = x + mdg_reduce_offset(p->kept, p->kept_stride, o);
        y[o] = 1;
        for (int32_t i = 0; i < p->inputs; i++)
            if (!base[mdg_reduce_offset(p->reduced, p->reduced_stride, i)]) y[o] = 0;
    }
}
