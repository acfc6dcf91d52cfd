/* SPDX-License-Identifier: MIT
 *
 * reduce_extreme_util.h: REDUCE_MAX and REDUCE_MIN over any dimensions.
 *
 * MDG_REDUCE_EXTREME_KERNEL(name, type, first, beats) defines the kernel mdg_<name>. It begins with the value
 * `first`, which any other beats; `beats` is > or <. So NaN is passed over, and of infinities alone comes
 * `first`, as in TFLM.
 */
#ifndef MDG_REF_REDUCE_EXTREME_UTIL_H
#define MDG_REF_REDUCE_EXTREME_UTIL_H

#include "midge/kernel.h"
#include "reduce_util.h"

#define MDG_REDUCE_EXTREME_KERNEL(name, type, first, beats)                                                  \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_reduce_shape_params *p = (const mdg_reduce_shape_params *)params;                          \
        const type *x = (const type *)in[0]; /* [inputs * outputs] */                                        \
        type *y = (type *)out[0];            /* [outputs] */                                                 \
        for (int32_t o = 0; o < p->outputs; o++) {                                                           \
            const type *base = x + mdg_reduce_offset(p->kept, p->kept_stride, o);                            \
            type best = first;                                                                               \
            for (int32_t i = 0; i < p->inputs; i++) {                                                        \
                const type v = base[mdg_reduce_offset(p->reduced, p->reduced_stride, i)];                    \
                if (v beats best) best = v;                                                                  \
            }                                                                                                \
            y[o] = best;                                                                                     \
        }                                                                                                    \
    }

#endif
