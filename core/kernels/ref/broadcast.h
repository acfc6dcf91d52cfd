/* SPDX-License-Identifier: MIT
 *
 * broadcast.h: the loop of every operator that joins two tensors element by element.
 *
 * MDG_BROADCAST_LOOP(name, list, a_type, b_type, out_type, expression) defines the kernel mdg_<name>, whose
 * parameter list begins with `broadcast`; each element of the output is the expression of a, b and p, the
 * parameters. MDG_BROADCAST_KERNEL(name, list, in_type, out_type, function) is the same for function(p, a,
 * b).
 */
#ifndef MDG_REF_BROADCAST_H
#define MDG_REF_BROADCAST_H

#include <stdint.h>

/* Where row `row` of an operand begins: rows count through the `outer` leading dimensions, the last fastest.
 */
static inline int32_t mdg_broadcast_offset(const int32_t *dim, const int32_t *stride, int32_t outer,
                                           int32_t row) {
    int32_t offset = 0;
    for (int32_t d = outer - 1; d >= 0; d--) {
        offset += row % dim[d] * stride[d];
        row /= dim[d];
    }
    return offset;
}

static inline int32_t mdg_broadcast_rows(const int32_t *dim, int32_t outer) {
    int32_t rows = 1;
    for (int32_t d = 0; d < outer; d++) rows *= dim[d];
    return rows;
}

#define MDG_BROADCAST_LOOP(name, list, a_type, b_type, out_type, expression)                                 \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
        out_type *y = (out_type *)out[0];                                                                    \
        const int32_t outer = p->rank - 1, n = p->dim[outer];                                                \
        const int32_t a_step = p->a_stride[outer], b_step = p->b_stride[outer];                              \
        const int32_t rows = mdg_broadcast_rows(p->dim, outer);                                              \
        for (int32_t row = 0; row < rows; row++, y += n) {                                                   \
            const a_type *a_row =                                                                            \
                (const a_type *)in[0] + mdg_broadcast_offset(p->dim, p->a_stride, outer, row);               \
            const b_type *b_row =                                                                            \
                (const b_type *)in[1] + mdg_broadcast_offset(p->dim, p->b_stride, outer, row);               \
            for (int32_t i = 0; i < n; i++) {                                                                \
                const a_type a = a_row[i * a_step];                                                          \
                const b_type b = b_row[i * b_step];                                                          \
                y[i] = (out_type)(expression);                                                               \
            }                                                                                                \
        }                                                                                                    \
    }

#define MDG_BROADCAST_KERNEL(name, list, in_type, out_type, function)                                        \
    MDG_BROADCAST_LOOP(name, list, in_type, in_type, out_type, function(p, a, b))

#endif
