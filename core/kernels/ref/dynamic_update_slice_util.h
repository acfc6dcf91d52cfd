/* SPDX-License-Identifier: MIT
 *
 * dynamic_update_slice_util.h: DYNAMIC_UPDATE_SLICE for elements of any type: y is x, but for a block that
 * starts at indices computed while the model runs; they are moved so that the block lies within.
 *
 * MDG_DYNAMIC_UPDATE_SLICE_KERNEL(name, index_type) defines the kernel mdg_<name>. y may be x.
 */
#ifndef MDG_REF_DYNAMIC_UPDATE_SLICE_UTIL_H
#define MDG_REF_DYNAMIC_UPDATE_SLICE_UTIL_H

#include "midge/kernel.h"
#include <string.h>

/* Writes the block, whose first element stands at y. */
static inline void mdg_update_block(const mdg_dynamic_update_slice_params *p, const uint8_t *block,
                                    uint8_t *y) {
    const int32_t last = p->rank - 1;
    const int32_t run = p->block_dim[last] * p->element_bytes;
    int32_t rows = 1;
    for (int32_t d = 0; d < last; d++) rows *= p->block_dim[d];
    for (int32_t row = 0; row < rows; row++, block += run) {
        int32_t offset = 0, step = p->dim[last] * p->element_bytes, rest = row;
        for (int32_t d = last - 1; d >= 0; d--) {
            offset += rest % p->block_dim[d] * step;
            rest /= p->block_dim[d];
            step *= p->dim[d];
        }
        memcpy(y + offset, block, (size_t)run);
    }
}

#define MDG_DYNAMIC_UPDATE_SLICE_KERNEL(name, index_type)                                                    \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_dynamic_update_slice_params *p = (const mdg_dynamic_update_slice_params *)params;          \
        const uint8_t *x = (const uint8_t *)in[0];           /* [dim...] */                                  \
        const index_type *start = (const index_type *)in[2]; /* [rank] */                                    \
        uint8_t *y = (uint8_t *)out[0];                      /* [dim...] */                                  \
        int32_t offset = 0, step = p->element_bytes;                                                         \
        for (int32_t d = p->rank - 1; d >= 0; d--) {                                                         \
            const int32_t limit = p->dim[d] - p->block_dim[d];                                               \
            offset += (start[d] < 0 ? 0 : start[d] > limit ? limit : (int32_t)start[d]) * step;              \
            step *= p->dim[d];                                                                               \
        }                                                                                                    \
        if (y != x) memcpy(y, x, (size_t)step);                                                              \
        mdg_update_block(p, (const uint8_t *)in[1], y + offset);                                             \
    }

#endif
