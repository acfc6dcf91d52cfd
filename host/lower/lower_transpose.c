/* SPDX-License-Identifier: MIT
 *
 * TRANSPOSE, REVERSE_V2, SPACE_TO_DEPTH, DEPTH_TO_SPACE: the same elements in another order.
 */
#include "lower/move.h"

static mdg_status lower_transpose(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    const int32_t *order;
    int count, axis;
    bool used[MDG_MAX_RANK] = {false};
    mdg_move_params m = {.rank = 0};
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &order, &count));
    MDG_TRY(mdg_lo_need(lo, count == x->shape.rank, "the permutation needs one number for each dimension"));
    MDG_TRY(mdg_lo_need_rank(lo, y, count, count));
    for (int d = count - 1; d >= 0; d--) {
        MDG_TRY(mdg_lo_need_axis(lo, order[d], count, &axis));
        MDG_TRY(mdg_lo_need(lo, !used[axis], "the permutation names a dimension twice"));
        MDG_TRY(mdg_lo_need(lo, y->shape.dim[d] == x->shape.dim[axis],
                            "the output's shape is not that of the transposed input"));
        used[axis] = true;
        mdg_lo_move_add(&m, x->shape.dim[axis], mdg_lo_stride(&x->shape, axis));
    }
    return mdg_lo_move(lo, 0, &m);
}

static mdg_status lower_reverse(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    const int32_t *axes;
    int count, axis;
    bool reversed[MDG_MAX_RANK] = {false};
    mdg_move_params m = {.rank = 0};
    MDG_TRY(mdg_lo_need_same_shape(lo, x, mdg_lo_output(lo, 0)));
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &axes, &count));
    for (int i = 0; i < count; i++) {
        MDG_TRY(mdg_lo_need_axis(lo, axes[i], x->shape.rank, &axis));
        MDG_TRY(mdg_lo_need(lo, !reversed[axis], "an axis is named twice"));
        reversed[axis] = true;
    }
    for (int d = x->shape.rank - 1; d >= 0; d--) {
        const int32_t n = x->shape.dim[d], stride = mdg_lo_stride(&x->shape, d);
        if (reversed[d]) m.offset += (n - 1) * stride;
        mdg_lo_move_add(&m, n, reversed[d] ? -stride : stride);
    }
    return mdg_lo_move(lo, 0, &m);
}

/* [n][space h * block][space w * block][c] and [n][h][w][block][block][c] hold the same; `wide` has the
 * space, `deep` the depth. */
static mdg_status check_blocks(const mdg_lowering *lo, const mdg_tensor *wide, const mdg_tensor *deep,
                               int32_t block) {
    MDG_TRY(mdg_lo_need_rank(lo, wide, 4, 4));
    MDG_TRY(mdg_lo_need_rank(lo, deep, 4, 4));
    const int32_t *w = wide->shape.dim, *d = deep->shape.dim;
    const bool fits = block >= 1 && w[0] == d[0] && (int64_t)d[1] * block == w[1] &&
                      (int64_t)d[2] * block == w[2] && (int64_t)w[3] * block * block == d[3];
    if (fits) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "a block size of %d does not lead from \"%s\" to \"%s\"", (int)block,
                       mdg_lo_input(lo, 0)->name, mdg_lo_output(lo, 0)->name);
}

static mdg_status lower_space_to_depth(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    const int32_t block = ((const mdg_space_to_depth_attrs *)lo->op->attrs)->block_size;
    MDG_TRY(check_blocks(lo, x, y, block));
    const int32_t *d = y->shape.dim, c = x->shape.dim[3], row = x->shape.dim[2] * c;
    mdg_move_params m = {.rank = 0};
    mdg_lo_move_add(&m, c, 1);
    mdg_lo_move_add(&m, block, c);
    mdg_lo_move_add(&m, block, row);
    mdg_lo_move_add(&m, d[2], block * c);
    mdg_lo_move_add(&m, d[1], block * row);
    mdg_lo_move_add(&m, d[0], x->shape.dim[1] * row);
    return mdg_lo_move(lo, 0, &m);
}

static mdg_status lower_depth_to_space(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    const int32_t block = ((const mdg_depth_to_space_attrs *)lo->op->attrs)->block_size;
    MDG_TRY(check_blocks(lo, y, x, block));
    const int32_t *d = x->shape.dim, c = y->shape.dim[3];
    mdg_move_params m = {.rank = 0};
    mdg_lo_move_add(&m, c, 1);
    mdg_lo_move_add(&m, block, c);
    mdg_lo_move_add(&m, d[2], d[3]);
    mdg_lo_move_add(&m, block, block * c);
    mdg_lo_move_add(&m, d[1], d[2] * d[3]);
    mdg_lo_move_add(&m, d[0], d[1] * d[2] * d[3]);
    return mdg_lo_move(lo, 0, &m);
}

static const mdg_variant with_numbers[] = {{"*,int32->*", MDG_K_move_8}, {"*,int64->*", MDG_K_move_8}};
MDG_RULE(transpose, 2, 2, 1, with_numbers, lower_transpose);
MDG_RULE(reverse, 2, 2, 1, with_numbers, lower_reverse);

static const mdg_variant alone[] = {{"*->*", MDG_K_move_8}};
MDG_RULE(space_to_depth, 1, 1, 1, alone, lower_space_to_depth);
MDG_RULE(depth_to_space, 1, 1, 1, alone, lower_depth_to_space);
