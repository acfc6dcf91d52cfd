/* SPDX-License-Identifier: MIT
 *
 * unary.h: the loop of every operator that looks at one element at a time.
 *
 * MDG_UNARY_KERNEL(name, list, in_type, out_type, expression) defines the kernel mdg_<name>, whose parameter
 * list has `count`; each element of the output is the expression of x, the input's element, and p, the
 * parameters.
 */
#ifndef MDG_REF_UNARY_H
#define MDG_REF_UNARY_H

#include <stdint.h>

#define MDG_UNARY_KERNEL(name, list, in_type, out_type, expression)                                          \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
        const in_type *input = (const in_type *)in[0]; /* [count] */                                         \
        out_type *y = (out_type *)out[0];              /* [count] */                                         \
        for (int32_t i = 0; i < p->count; i++) {                                                             \
            const in_type x = input[i];                                                                      \
            y[i] = (out_type)(expression);                                                                   \
        }                                                                                                    \
    }

#endif
