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

/* The one buffer that it reads and writes */
static bool carry(const mdg_carry_params *p, mdg_sizes *s, uint32_t size) {
    const int64_t end = (int64_t)p->from + p->bytes;
    return p->from >= 1 && p->bytes >= 1 && end <= INT32_MAX && mdg_has_in(s, 0, (uint32_t)end, size) &&
           mdg_has_out(s, 0, (uint32_t)end, size) && mdg_may_share(s);
}

/* Blocks are not written twice: so there are no more of them than bytes. */
static bool copy(const mdg_copy_params *p, const mdg_sizes *s, uint32_t size) {
    return (p->blocks == 1 || p->out_step >= p->block_bytes) &&
           mdg_has_in(s, 0, extent(p->blocks, p->block_bytes, p->in_offset, p->in_step), size) &&
           mdg_has_out(s, 0, extent(p->blocks, p->block_bytes, p->out_offset, p->out_step), size);
}

/* Strides may be negative: the walk stays within the input at both ends. */
static bool move(const mdg_move_params *p, const mdg_sizes *s, uint32_t size) {
    if (!mdg_within(p->rank, 1, MDG_MAX_RANK) || p->offset < 0) return false;
    int64_t low = p->offset, high = low;
    for (int32_t d = 0; d < p->rank; d++) {
        if (p->dim[d] < 1) return false;
        const int64_t reach = ((int64_t)p->dim[d] - 1) * p->stride[d];
        if (reach < -INT32_MAX || reach > INT32_MAX) return false;
        low += reach < 0 ? reach : 0;
        high += reach > 0 ? reach : 0;
    }
    return low >= 0 && high < INT32_MAX && mdg_has_in(s, 0, (uint32_t)high + 1, size) &&
           mdg_has_out(s, 0, mdg_count_of(p->dim, p->rank), size);
}

static bool mirror_pad(const mdg_mirror_pad_params *p, const mdg_sizes *s, uint32_t size) {
    const int32_t limit = 1 << 29;
    if (!mdg_within(p->rank, 1, MDG_MAX_RANK) || !mdg_within(p->skip_edge, 0, 1)) return false;
    for (int32_t d = 0; d < p->rank; d++) {
        if (!mdg_within(p->in_dim[d], 1, limit) || !mdg_within(p->out_dim[d], p->in_dim[d], limit) ||
            !mdg_within(p->before[d], 0, p->in_dim[d] - p->skip_edge))
            return false;
    }
    return mdg_has_in(s, 0, mdg_count_of(p->in_dim, p->rank), size) &&
           mdg_has_out(s, 0, mdg_count_of(p->out_dim, p->rank), size);
}

static bool gather(const mdg_gather_params *p, const mdg_sizes *s, uint32_t index_size) {
    const uint32_t lines = mdg_count3(p->batches, p->outer, p->bytes);
    return mdg_has_in(s, 0, mdg_times(lines, p->axis), 1) &&
           mdg_has_in(s, 1, mdg_count2(p->batches, p->indices), index_size) &&
           mdg_has_out(s, 0, mdg_times(lines, p->indices), 1);
}

static bool gather_nd(const mdg_gather_nd_params *p, const mdg_sizes *s, uint32_t index_size) {
    if (!mdg_within(p->depth, 1, MDG_MAX_RANK)) return false;
    const uint32_t span = mdg_span_of(p->dim, p->stride_bytes, p->depth), run = mdg_count1(p->bytes);
    return span > 0 && run > 0 && span <= INT32_MAX - run && mdg_has_in(s, 0, span - 1 + run, 1) &&
           mdg_has_in(s, 1, mdg_count2(p->count, p->depth), index_size) &&
           mdg_has_out(s, 0, mdg_count2(p->count, p->bytes), 1);
}

static bool update_slice(const mdg_dynamic_update_slice_params *p, mdg_sizes *s, uint32_t index_size) {
    if (!mdg_within(p->rank, 1, MDG_MAX_RANK)) return false;
    for (int32_t d = 0; d < p->rank; d++)
        if (!mdg_within(p->block_dim[d], 1, p->dim[d])) return false;
    const uint32_t bytes = mdg_times(mdg_count_of(p->dim, p->rank), p->element_bytes);
    return mdg_has_in(s, 0, bytes, 1) &&
           mdg_has_in(s, 1, mdg_times(mdg_count_of(p->block_dim, p->rank), p->element_bytes), 1) &&
           mdg_has_in(s, 2, (uint32_t)p->rank, index_size) && mdg_has_out(s, 0, bytes, 1) && mdg_may_share(s);
}

/* `space` and `blocks` bytes are there; a border of any size is passed over. */
static bool space_batch(const mdg_space_batch_params *p, uint32_t space, uint32_t blocks) {
    const uint32_t pixels = mdg_count4(p->block_h, p->block_w, p->batch_h, p->batch_w);
    const uint32_t wanted = mdg_times(mdg_times(pixels, p->batches), p->bytes);
    return p->before_h >= 0 && p->before_w >= 0 &&
           mdg_holds(space, mdg_count4(p->batches, p->space_h, p->space_w, p->bytes), 1) &&
           mdg_holds(blocks, wanted, 1);
}

static bool space_to_batch(const mdg_space_batch_params *p, const mdg_sizes *s, uint32_t k) {
    return space_batch(p, s->in[k], s->out[k]);
}

static bool batch_to_space(const mdg_space_batch_params *p, const mdg_sizes *s, uint32_t k) {
    return space_batch(p, s->out[k], s->in[k]);
}

static bool broadcast_args(const mdg_broadcast_args_params *p, const mdg_sizes *s, uint32_t size) {
    return p->count == (p->a_count > p->b_count ? p->a_count : p->b_count) &&
           mdg_has_in(s, 0, mdg_count1(p->a_count), size) && mdg_has_in(s, 1, mdg_count1(p->b_count), size) &&
           mdg_has_out(s, 0, mdg_count1(p->count), size);
}

MDG_CHECK(pad_8, pad, pad, 1)
MDG_CHECK(pad_16, pad, pad, 2)
MDG_CHECK(pad_32, pad, pad, 4)
MDG_CHECK(copy, copy, copy, 1)
MDG_CHECK(carry, carry, carry, 1)
MDG_CHECK(move_8, move, move, 1)
MDG_CHECK(move_16, move, move, 2)
MDG_CHECK(move_32, move, move, 4)
MDG_CHECK(move_64, move, move, 8)
MDG_CHECK(mirror_pad_8, mirror_pad, mirror_pad, 1)
MDG_CHECK(mirror_pad_16, mirror_pad, mirror_pad, 2)
MDG_CHECK(mirror_pad_32, mirror_pad, mirror_pad, 4)
MDG_CHECK(gather, gather, gather, sizeof(int32_t))
MDG_CHECK(gather_nd, gather_nd, gather_nd, sizeof(int32_t))
MDG_CHECK(dynamic_update_slice_s32, dynamic_update_slice, update_slice, sizeof(int32_t))
MDG_CHECK(dynamic_update_slice_s64, dynamic_update_slice, update_slice, sizeof(int64_t))
MDG_CHECK(space_to_batch_nd, space_batch, space_to_batch, 0)
MDG_CHECK(batch_to_space_nd, space_batch, batch_to_space, 0)
MDG_CHECK(broadcast_args_s32, broadcast_args, broadcast_args, sizeof(int32_t))
MDG_CHECK(broadcast_args_s64, broadcast_args, broadcast_args, sizeof(int64_t))
