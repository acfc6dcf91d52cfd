/* SPDX-License-Identifier: MIT
 *
 * SPACE_TO_BATCH_ND, BATCH_TO_SPACE_ND, on [batch][height][channels] and [batch][height][width][channels].
 */
#include "lower/move.h"

/* One spatial dimension: `blocked` steps of `block` cover `before`, the space and what is behind. */
static mdg_status check_axis(const mdg_lowering *lo, int32_t blocked, int32_t block, const int32_t *border,
                             int32_t space) {
    const bool fits = block >= 1 && border[0] >= 0 && border[1] >= 0 &&
                      (int64_t)blocked * block == (int64_t)border[0] + space + border[1];
    return mdg_lo_need(lo, fits, "blocks and borders do not lead from the input's shape to the output's");
}

/* space: the side without blocks */
static mdg_status space_batch(const mdg_lowering *lo, const mdg_tensor *space, const mdg_tensor *blocks,
                              mdg_space_batch_params *p) {
    const int32_t *block, *border, *s = space->shape.dim, *b = blocks->shape.dim;
    const int rank = space->shape.rank;
    int n_block, n_border;
    MDG_TRY(mdg_lo_need_same_type(lo, space, blocks));
    MDG_TRY(mdg_lo_need_element_bytes(lo, space, &p->bytes));
    MDG_TRY(mdg_lo_need_rank(lo, space, 3, 4));
    MDG_TRY(mdg_lo_need_rank(lo, blocks, rank, rank));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &block, &n_block));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 2), &border, &n_border));
    MDG_TRY(mdg_lo_need(lo, n_block == rank - 2 && n_border == 2 * n_block,
                        "one block size and two borders are needed for each spatial dimension"));
    MDG_TRY(check_axis(lo, b[1], block[0], border, s[1]));
    if (rank == 4) MDG_TRY(check_axis(lo, b[2], block[1], border + 2, s[2]));
    p->batches = s[0];
    p->space_h = s[1];
    p->batch_h = b[1];
    p->block_h = block[0];
    p->before_h = border[0];
    p->space_w = rank == 4 ? s[2] : 1;
    p->batch_w = rank == 4 ? b[2] : 1;
    p->block_w = rank == 4 ? block[1] : 1;
    p->before_w = rank == 4 ? border[2] : 0;
    p->bytes *= s[rank - 1];
    MDG_TRY(mdg_lo_need(lo, s[rank - 1] == b[rank - 1], "input and output differ in channels"));
    return mdg_lo_need(lo, (int64_t)p->block_h * p->block_w * p->batches == b[0],
                       "the batches are not those that the blocks make");
}

static mdg_status emit(mdg_lowering *lo, const mdg_space_batch_params *p) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

static mdg_status lower_space_to_batch(mdg_lowering *lo) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    mdg_space_batch_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(space_batch(lo, mdg_lo_input(lo, 0), y, p));
    const bool is_byte = y->type == MDG_INT8 || y->type == MDG_UINT8;
    p->fill = is_byte && y->quant.count == 1 ? mdg_lo_zero(y) & 0xFF : 0;
    return emit(lo, p);
}

static mdg_status lower_batch_to_space(mdg_lowering *lo) {
    mdg_space_batch_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(space_batch(lo, mdg_lo_output(lo, 0), mdg_lo_input(lo, 0), p));
    return emit(lo, p);
}

static const mdg_variant space_to_batch[] = {{"*,int32,int32->*", MDG_K_space_to_batch_nd}};
MDG_RULE(space_to_batch_nd, 3, 3, 1, space_to_batch, lower_space_to_batch);

static const mdg_variant batch_to_space[] = {{"*,int32,int32->*", MDG_K_batch_to_space_nd}};
MDG_RULE(batch_to_space_nd, 3, 3, 1, batch_to_space, lower_batch_to_space);
