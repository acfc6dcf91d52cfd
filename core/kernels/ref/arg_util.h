/* SPDX-License-Identifier: MIT
 *
 * arg_util.h: ARG_MAX and ARG_MIN: where along one dimension the largest (smallest) element stands, the first
 * of several.
 *
 * MDG_ARG_KERNEL(name, type, beats) defines the kernel mdg_<name>; `beats` is > or <.
 */
#ifndef MDG_REF_ARG_UTIL_H
#define MDG_REF_ARG_UTIL_H

#include "midge/kernel.h"

#define MDG_ARG_KERNEL(name, type, beats)                                                                    \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_arg_params *p = (const mdg_arg_params *)params;                                            \
        const type *x = (const type *)in[0]; /* [outer][axis][inner] */                                      \
        int32_t *y = (int32_t *)out[0];      /* [outer][inner] */                                            \
        for (int32_t line = 0; line < p->outer * p->inner; line++) {                                         \
            const type *at = x + line / p->inner * p->axis * p->inner + line % p->inner;                     \
            int32_t best = 0;                                                                                \
            for (int32_t k = 1; k < p->axis; k++)                                                            \
                if (at[k * p->inner] beats at[best * p->inner]) best = k;                                    \
            y[line] = best;                                                                                  \
        }                                                                                                    \
    }

#endif
