/* SPDX-License-Identifier: MIT
 *
 * pad_util.h: PAD and PADV2 for elements of any width.
 *
 * MDG_PAD_KERNEL(name, type) defines the kernel mdg_<name>: every output row (along the last dimension) is
 * either padding alone, or padding, an input row, padding.
 */
#ifndef MDG_REF_PAD_UTIL_H
#define MDG_REF_PAD_UTIL_H

#include "midge/kernel.h"

/* The number of the input row that output row `row` holds, or -1 where it lies in the padding */
static inline int32_t mdg_pad_input_row(const mdg_pad_params *p, int32_t row) {
    int32_t in_row = 0, in_rows = 1;
    for (int32_t d = p->rank - 2; d >= 0; d--) {
        const int32_t i = row % p->out_dim[d] - p->before[d];
        if (i < 0 || i >= p->in_dim[d]) return -1;
        in_row += i * in_rows;
        in_rows *= p->in_dim[d];
        row /= p->out_dim[d];
    }
    return in_row;
}

static inline int32_t mdg_pad_rows(const mdg_pad_params *p) {
    int32_t rows = 1;
    for (int32_t d = 0; d < p->rank - 1; d++) rows *= p->out_dim[d];
    return rows;
}

#define MDG_PAD_KERNEL(name, type)                                                                           \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_pad_params *p = (const mdg_pad_params *)params;                                            \
        const type *x = (const type *)in[0];                                                                 \
        const type value = *(const type *)in[1];                                                             \
        type *y = (type *)out[0];                                                                            \
        const int32_t last = p->rank - 1, n = p->in_dim[last], before = p->before[last];                     \
        const int32_t rows = mdg_pad_rows(p);                                                                \
        for (int32_t row = 0; row < rows; row++, y += p->out_dim[last]) {                                    \
            const int32_t in_row = mdg_pad_input_row(p, row);                                                \
            for (int32_t i = 0; i < p->out_dim[last]; i++) y[i] = value;                                     \
            if (in_row < 0) continue;                                                                        \
            for (int32_t i = 0; i < n; i++) y[before + i] = x[in_row * n + i];                               \
        }                                                                                                    \
    }

#endif
