/* SPDX-License-Identifier: MIT
 *
 * overlap_add.h: SignalOverlapAdd: frames that overlap by size - step samples are added to one signal; the
 * sum of the overlap is kept from call to call.
 */
#ifndef MDG_REF_OVERLAP_ADD_H
#define MDG_REF_OVERLAP_ADD_H

#include "midge/kernel.h"

/* add(a, b): the sum of two samples */
#define MDG_OVERLAP_ADD_KERNEL(name, type, add)                                                              \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_overlap_add_params *p = (const mdg_overlap_add_params *)params;                            \
        const type *x = (const type *)in[0]; /* [rows][frames][size] */                                      \
        type *y = (type *)out[0];            /* [rows][frames][step] */                                      \
        type *sum = (type *)out[1];          /* [rows][size] */                                              \
        const int32_t size = p->size, step = p->step;                                                        \
        for (int32_t row = 0; row < p->rows; row++, sum += size) {                                           \
            for (int32_t frame = 0; frame < p->frames; frame++, x += size, y += step) {                      \
                for (int32_t i = 0; i < size; i++) sum[i] = add(sum[i], x[i]);                               \
                for (int32_t i = 0; i < step; i++) y[i] = sum[i];                                            \
                for (int32_t i = 0; i < size; i++) sum[i] = i + step < size ? sum[i + step] : (type)0;       \
            }                                                                                                \
        }                                                                                                    \
    }

#endif
