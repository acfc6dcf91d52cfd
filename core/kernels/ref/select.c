/* SPDX-License-Identifier: MIT
 *
 * SELECT_V2, with broadcasting of all three: y = condition ? a : b. One kernel for each size of an element.
 */
#include "midge/kernel.h"
#include "broadcast.h"

#define MDG_SELECT_KERNEL(name, type)                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_select_params *p = (const mdg_select_params *)params;                                      \
        type *y = (type *)out[0];                                                                            \
        const int32_t outer = p->rank - 1, n = p->dim[outer];                                                \
        const int32_t rows = mdg_broadcast_rows(p->dim, outer);                                              \
        for (int32_t row = 0; row < rows; row++, y += n) {                                                   \
            const uint8_t *c =                                                                               \
                (const uint8_t *)in[0] + mdg_broadcast_offset(p->dim, p->condition_stride, outer, row);      \
            const type *a = (const type *)in[1] + mdg_broadcast_offset(p->dim, p->a_stride, outer, row);     \
            const type *b = (const type *)in[2] + mdg_broadcast_offset(p->dim, p->b_stride, outer, row);     \
            for (int32_t i = 0; i < n; i++)                                                                  \
                y[i] = c[i * p->condition_stride[outer]] ? a[i * p->a_stride[outer]]                         \
                                                         : b[i * p->b_stride[outer]];                        \
        }                                                                                                    \
    }

MDG_SELECT_KERNEL(select_8, uint8_t)
MDG_SELECT_KERNEL(select_16, uint16_t)
MDG_SELECT_KERNEL(select_32, uint32_t)
MDG_SELECT_KERNEL(select_64, uint64_t)
