/* SPDX-License-Identifier: MIT
 *
 * broadcast_args_util.h: BROADCAST_ARGS: the shape of two shapes broadcast against each other.
 *
 * MDG_BROADCAST_ARGS_KERNEL(name, type) defines the kernel mdg_<name>.
 */
#ifndef MDG_REF_BROADCAST_ARGS_UTIL_H
#define MDG_REF_BROADCAST_ARGS_UTIL_H

#include "midge/kernel.h"

#define MDG_BROADCAST_ARGS_KERNEL(name, type)                                                                \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_broadcast_args_params *p = (const mdg_broadcast_args_params *)params;                      \
        const type *a = (const type *)in[0]; /* [a_count] */                                                 \
        const type *b = (const type *)in[1]; /* [b_count] */                                                 \
        type *y = (type *)out[0];            /* [count], the larger of both */                               \
        for (int32_t i = 0; i < p->count; i++) {                                                             \
            const int32_t ia = i - (p->count - p->a_count), ib = i - (p->count - p->b_count);                \
            y[i] = ib < 0 || (ia >= 0 && a[ia] != 1) ? a[ia] : b[ib];                                        \
        }                                                                                                    \
    }

#endif
