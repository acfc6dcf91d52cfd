/* SPDX-License-Identifier: MIT
 *
 * Operators that move data.
 */
#include "../check.h"

static bool pad(const mdg_pad_params *p, const mdg_sizes *s, uint32_t size) {
    if (!mdg_within(p->rank, 1, MDG_MAX_RANK)) return false;
    for (int32_t d = 0; d < p->rank; d++) {
        if (p->in_dim[d] < 1 || p->before[d] < 0 || p->out_dim[d] < p->in_dim[d] ||
            p->before[d] > p->out_dim[d] - p->in_dim[d])
            return false;
    }
    return mdg_has_in(s, 0, mdg_count_of(p->in_dim, p->rank), size) && mdg_has_in(s, 1, 1, size) &&
           mdg_has_out(s, 0, mdg_count_of(p->out_dim, p->rank), size);
}

/* The bytes from 0 to the end of the last block, or 0 */
static uint32_t extent(int32_t blocks, int32_t block_bytes, int32_t offset, int32_t step) {
    if (blocks < 1 || block_bytes < 1 || offset < 0 || step < 0) return 0;
    const int64_t end = offset + (int64_t)(blocks - 1) * step + block_bytes;
    return end > INT32_MAX ? 0 : (uint32_t)end;
}

/* Blocks are not written twice: so there are no more of them than bytes. */
static bool copy(const mdg_copy_params *p, const mdg_sizes *s, uint32_t size) {
    return (p->blocks == 1 || p->out_step >= p->block_bytes) &&
           mdg_has_in(s, 0, extent(p->blocks, p->block_bytes, p->in_offset, p->in_step), size) &&
           mdg_has_out(s, 0, extent(p->blocks, p->block_bytes, p->out_offset, p->out_step), size);
}

MDG_CHECK(pad_8, pad, pad, 1)
MDG_CHECK(pad_16, pad, pad, 2)
MDG_CHECK(pad_32, pad, pad, 4)
MDG_CHECK(copy, copy, copy, 1)
