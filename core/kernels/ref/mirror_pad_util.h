/* SPDX-License-Identifier: MIT
 *
 * mirror_pad_util.h: MIRROR_PAD for elements of any width: the borders show the tensor in a mirror that
 * stands on the edge element (skip_edge 1, REFLECT) or behind it (skip_edge 0, SYMMETRIC).
 *
 * MDG_MIRROR_PAD_KERNEL(name, type) defines the kernel mdg_<name>.
 */
#ifndef MDG_REF_MIRROR_PAD_UTIL_H
#define MDG_REF_MIRROR_PAD_UTIL_H

#include "midge/kernel.h"

/* Position i of a dimension of n elements, seen from its start, where i may lie outside. A border behind that
 * is wider than the tensor repeats the first element, as in TFLM. */
static inline int32_t mdg_mirror(int32_t i, int32_t n, int32_t skip_edge) {
    if (i < 0) return skip_edge - 1 - i;
    if (i < n) return i;
    const int32_t mirrored = 2 * n - 1 - skip_edge - i;
    return mirrored < 0 ? 0 : mirrored;
}

/* Where output element i comes from */
static inline int32_t mdg_mirror_source(const mdg_mirror_pad_params *p, int32_t i) {
    int32_t source = 0, step = 1;
    for (int32_t d = p->rank - 1; d >= 0; d--) {
        source += mdg_mirror(i % p->out_dim[d] - p->before[d], p->in_dim[d], p->skip_edge) * step;
        step *= p->in_dim[d];
        i /= p->out_dim[d];
    }
    return source;
}

#define MDG_MIRROR_PAD_KERNEL(name, type)                                                                    \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_mirror_pad_params *p = (const mdg_mirror_pad_params *)params;                              \
        const type *x = (const type *)in[0];                                                                 \
        type *y = (type *)out[0];                                                                            \
        int32_t count = 1;                                                                                   \
        for (int32_t d = 0; d < p->rank; d++) count *= p->out_dim[d];                                        \
        for (int32_t i = 0; i < count; i++) y[i] = x[mdg_mirror_source(p, i)];                               \
    }

#endif
