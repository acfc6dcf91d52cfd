/* SPDX-License-Identifier: MIT
 *
 * space_batch_util.h: how SPACE_TO_BATCH_ND and BATCH_TO_SPACE_ND relate two tensors: "space"
 * [batches][space_h] [space_w][bytes], "blocks" [block_h][block_w][batches][batch_h][batch_w][bytes]. Each
 * place of the blocks shows one of space, or of the border around it.
 */
#ifndef MDG_REF_SPACE_BATCH_UTIL_H
#define MDG_REF_SPACE_BATCH_UTIL_H

#include "midge/kernel.h"

static inline int32_t mdg_space_batch_places(const mdg_space_batch_params *p) {
    return p->block_h * p->block_w * p->batches * p->batch_h * p->batch_w;
}

/* Where in space, in bytes, place i of the blocks lies; -1 = in the border */
static inline int32_t mdg_space_batch_offset(const mdg_space_batch_params *p, int32_t i) {
    const int32_t w = i % p->batch_w, h = i / p->batch_w % p->batch_h, image = i / p->batch_w / p->batch_h;
    const int32_t shift = image / p->batches;
    const int32_t row = h * p->block_h + shift / p->block_w - p->before_h;
    const int32_t column = w * p->block_w + shift % p->block_w - p->before_w;
    if (row < 0 || row >= p->space_h || column < 0 || column >= p->space_w) return -1;
    return ((image % p->batches * p->space_h + row) * p->space_w + column) * p->bytes;
}

#endif
