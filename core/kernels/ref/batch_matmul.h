/* SPDX-License-Identifier: MIT
 *
 * batch_matmul.h: the loop of every BATCH_MATMUL: y[batch] = a[batch] b[batch] for each batch, with
 * broadcasting.
 *
 * Each operand may be transposed: strides say how far its rows, columns and batches lie apart.
 *
 * MDG_BATCH_MATMUL_KERNEL(name, list, type, sum_type, product, finish) defines the kernel mdg_<name>, whose
 * parameter list begins with `batch_matmul_shape`; y = finish(p, sum of product(p, a, b)).
 */
#ifndef MDG_REF_BATCH_MATMUL_H
#define MDG_REF_BATCH_MATMUL_H

#include "midge/kernel.h"

static inline int32_t mdg_batch_matmul_offset(const int32_t *dim, const int32_t *stride, int32_t batch) {
    int32_t offset = 0;
    for (int d = 2; d >= 0; d--) {
        offset += batch % dim[d] * stride[d];
        batch /= dim[d];
    }
    return offset;
}

#define MDG_BATCH_MATMUL_KERNEL(name, list, type, sum_type, product, finish)                                 \
    static inline sum_type mdg_##name##_sum(const mdg_##list##_params *p, const type *a, const type *b) {    \
        sum_type sum = 0;                                                                                    \
        for (int32_t k = 0; k < p->depth; k++)                                                               \
            sum += product(p, a[k * p->a_column_stride], b[k * p->b_row_stride]);                            \
        return sum;                                                                                          \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_##list##_params *p = (const mdg_##list##_params *)params;                                  \
        const int32_t batches = p->batch[0] * p->batch[1] * p->batch[2];                                     \
        type *y = (type *)out[0]; /* [batch][rows][columns] */                                               \
        for (int32_t n = 0; n < batches; n++) {                                                              \
            const type *a = /* [rows][depth] */                                                              \
                (const type *)in[0] + mdg_batch_matmul_offset(p->batch, p->a_batch_stride, n);               \
            const type *b = /* [depth][columns] */                                                           \
                (const type *)in[1] + mdg_batch_matmul_offset(p->batch, p->b_batch_stride, n);               \
            for (int32_t i = 0; i < p->rows; i++)                                                            \
                for (int32_t j = 0; j < p->columns; j++)                                                     \
                    *y++ =                                                                                   \
                        finish(p, mdg_##name##_sum(p, a + i * p->a_row_stride, b + j * p->b_column_stride)); \
        }                                                                                                    \
    }

#endif
