/* SPDX-License-Identifier: MIT
 *
 * move_util.h: elements of any width taken from one tensor in the order of another: y[i0, i1, ...] =
 * x[offset + i0 * stride[0] + i1 * stride[1] + ...]. A stride may be 0 (an element is repeated) or negative
 * (backwards). TRANSPOSE, SLICE, STRIDED_SLICE, REVERSE_V2, BROADCAST_TO, FILL, SPACE_TO_DEPTH and
 * DEPTH_TO_SPACE are all this loop.
 *
 * MDG_MOVE_KERNEL(name, type) defines the kernel mdg_<name>.
 */
#ifndef MDG_REF_MOVE_UTIL_H
#define MDG_REF_MOVE_UTIL_H

#include "midge/kernel.h"
#include "broadcast.h"
#include <string.h>

#define MDG_MOVE_KERNEL(name, type)                                                                          \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_move_params *p = (const mdg_move_params *)params;                                          \
        type *y = (type *)out[0];                                                                            \
        const int32_t outer = p->rank - 1, n = p->dim[outer], step = p->stride[outer];                       \
        const int32_t rows = mdg_broadcast_rows(p->dim, outer);                                              \
        for (int32_t row = 0; row < rows; row++, y += n) {                                                   \
            const int32_t at = p->offset + mdg_broadcast_offset(p->dim, p->stride, outer, row);              \
            const type *x = (const type *)in[0] + at;                                                        \
            if (step == 1) {                                                                                 \
                memcpy(y, x, (size_t)n * sizeof *y);                                                         \
                continue;                                                                                    \
            }                                                                                                \
            for (int32_t i = 0; i < n; i++) y[i] = x[i * step];                                              \
        }                                                                                                    \
    }

#endif
