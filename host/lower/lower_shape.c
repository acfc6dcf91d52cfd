/* SPDX-License-Identifier: MIT
 *
 * SHAPE, BROADCAST_ARGS, BROADCAST_TO, FILL, ZEROS_LIKE. Shapes are known here, so that SHAPE becomes a
 * constant (and whatever is computed from it alone, see fold.c).
 */
#include "lower/move.h"

static mdg_status lower_shape(mdg_lowering *lo) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    const mdg_shape *s = &mdg_lo_input(lo, 0)->shape;
    MDG_TRY(mdg_lo_need_elements(lo, y, s->rank));
    if (s->rank == 0) {
        mdg_lo_output_buffer(lo, 0); /* nothing is in it */
        return MDG_OK;
    }
    int64_t *wide = mdg_lo_params(lo, (size_t)s->rank * sizeof *wide);
    int32_t *narrow = mdg_lo_params(lo, (size_t)s->rank * sizeof *narrow);
    for (int d = 0; d < s->rank; d++) wide[d] = narrow[d] = s->dim[d];
    lo->tensor_buffer[lo->op->outputs[0]] =
        mdg_lo_const(lo, y->name, mdg_c_type(y->type), y->type == MDG_INT64 ? (const void *)wide : narrow,
                     mdg_tensor_bytes(y));
    return MDG_OK;
}

static mdg_status lower_broadcast_args(mdg_lowering *lo) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    mdg_broadcast_args_params *p = mdg_lo_params(lo, sizeof *p);
    p->a_count = mdg_lo_elements(a);
    p->b_count = mdg_lo_elements(b);
    p->count = p->a_count > p->b_count ? p->a_count : p->b_count;
    MDG_TRY(mdg_lo_need_elements(lo, y, p->count));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_broadcast_to(mdg_lowering *lo) {
    const mdg_shape *x = &mdg_lo_input(lo, 0)->shape, *y = &mdg_lo_output(lo, 0)->shape;
    const int added = y->rank - x->rank;
    mdg_move_params m = {.rank = 0};
    MDG_TRY(mdg_lo_need(lo, added >= 0, "the output has fewer dimensions than the input"));
    for (int d = y->rank - 1; d >= 0; d--) {
        const int32_t n = d < added ? 1 : x->dim[d - added];
        if (n != 1 && n != y->dim[d])
            return mdg_lo_fail(lo, MDG_INVALID, "dimension %d cannot be broadcast from %d to %d", d, (int)n,
                               (int)y->dim[d]);
        mdg_lo_move_add(&m, y->dim[d], n == 1 ? 0 : mdg_lo_stride(x, d - added));
    }
    return mdg_lo_move(lo, 0, &m);
}

/* Fills the output with the element in `buffer`. */
static mdg_status fill(mdg_lowering *lo, int buffer) {
    mdg_move_params m = {.rank = 0};
    mdg_lo_move_add(&m, mdg_lo_elements(mdg_lo_output(lo, 0)), 0);
    return mdg_lo_move_from(lo, buffer, &m);
}

static mdg_status lower_fill(mdg_lowering *lo) {
    const mdg_tensor *value = mdg_lo_input(lo, 1);
    MDG_TRY(mdg_lo_need_elements(lo, value, 1));
    MDG_TRY(mdg_lo_need_same_type(lo, value, mdg_lo_output(lo, 0)));
    return fill(lo, mdg_lo_input_buffer(lo, 1));
}

static mdg_status lower_zeros_like(mdg_lowering *lo) {
    static const int64_t zero = 0;
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    int32_t bytes;
    MDG_TRY(mdg_lo_need_same_type(lo, mdg_lo_input(lo, 0), y));
    MDG_TRY(mdg_lo_need_same_shape(lo, mdg_lo_input(lo, 0), y));
    MDG_TRY(mdg_lo_need_element_bytes(lo, y, &bytes));
    const void *data = mdg_arena_copy(lo->program->arena, &zero, sizeof zero);
    return fill(lo, mdg_lo_const(lo, "zero", mdg_c_type(y->type), data, (size_t)bytes));
}

static const mdg_variant shape[] = {{"*->int32", MDG_K_copy}, {"*->int64", MDG_K_copy}};
MDG_RULE(shape, 1, 1, 1, shape, lower_shape, .takes_empty = true);

static const mdg_variant broadcast_args[] = {{"int32,int32->int32", MDG_K_broadcast_args_s32},
                                             {"int64,int64->int64", MDG_K_broadcast_args_s64}};
MDG_RULE(broadcast_args, 2, 2, 1, broadcast_args, lower_broadcast_args);

static const mdg_variant broadcast_to[] = {{"*,int32->*", MDG_K_move_8}, {"*,int64->*", MDG_K_move_8}};
MDG_RULE(broadcast_to, 2, 2, 1, broadcast_to, lower_broadcast_to);

static const mdg_variant fill_variants[] = {{"int32,*->*", MDG_K_move_8}, {"int64,*->*", MDG_K_move_8}};
MDG_RULE(fill, 2, 2, 1, fill_variants, lower_fill);

static const mdg_variant zeros_like[] = {{"*->*", MDG_K_move_8}};
MDG_RULE(zeros_like, 1, 1, 1, zeros_like, lower_zeros_like);
