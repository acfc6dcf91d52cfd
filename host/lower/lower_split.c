/* SPDX-License-Identifier: MIT
 *
 * CONCATENATION, PACK, SPLIT, SPLIT_V, UNPACK: one copy for each part.
 */
#include "lower/move.h"

/* A tensor that is cut along a dimension: `outer` times a row of `row` bytes */
typedef struct whole {
    int buffer;
    int32_t outer, row;
} whole;

static mdg_status whole_of(mdg_lowering *lo, const mdg_tensor *t, int axis, whole *w) {
    int32_t bytes;
    MDG_TRY(mdg_lo_need_element_bytes(lo, t, &bytes));
    w->outer = mdg_lo_outer(&t->shape, axis);
    w->row = mdg_lo_elements(t) / w->outer * bytes;
    return MDG_OK;
}

/* The part, of which each row has `bytes` bytes at `offset`, into the whole and out of it */
static void put_part(mdg_lowering *lo, const whole *w, int part, int32_t offset, int32_t bytes) {
    mdg_lo_copy_blocks(lo, part, w->buffer,
                       &(mdg_copy_params){.blocks = w->outer,
                                          .block_bytes = bytes,
                                          .in_step = bytes,
                                          .out_offset = offset,
                                          .out_step = w->row});
}

static void take_part(mdg_lowering *lo, const whole *w, int part, int32_t offset, int32_t bytes) {
    mdg_lo_copy_blocks(lo, w->buffer, part,
                       &(mdg_copy_params){.blocks = w->outer,
                                          .block_bytes = bytes,
                                          .in_offset = offset,
                                          .in_step = w->row,
                                          .out_step = bytes});
}

/* `part` is `all` but for its size along the axis, which is added to *filled. */
static mdg_status check_part(const mdg_lowering *lo, const mdg_tensor *all, int axis, const mdg_tensor *part,
                             int64_t *filled) {
    MDG_TRY(mdg_lo_need_same_type(lo, all, part));
    MDG_TRY(mdg_lo_need_rank(lo, part, all->shape.rank, all->shape.rank));
    mdg_shape expected = all->shape;
    expected.dim[axis] = part->shape.dim[axis];
    *filled += part->shape.dim[axis];
    return mdg_lo_need_shape(lo, part, &expected);
}

static mdg_status lower_concatenation(mdg_lowering *lo) {
    const mdg_concatenation_attrs *a = lo->op->attrs;
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    int axis;
    int64_t filled = 0;
    whole w;
    MDG_TRY(mdg_lo_need_axis(lo, a->axis, y->shape.rank, &axis));
    MDG_TRY(mdg_lo_need(lo, a->activation == MDG_ACT_NONE, "a fused activation is not supported"));
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const mdg_tensor *x = mdg_lo_input(lo, k);
        MDG_TRY(mdg_lo_need(lo, x != NULL, "an input is missing"));
        MDG_TRY(check_part(lo, y, axis, x, &filled));
        if (y->type == MDG_INT8) MDG_TRY(mdg_lo_need_same_scale(lo, x, y));
    }
    MDG_TRY(mdg_lo_need(lo, filled == y->shape.dim[axis], "the inputs do not fill the output"));
    if (mdg_lo_elements(y) == 0) return MDG_OK;
    MDG_TRY(whole_of(lo, y, axis, &w));
    w.buffer = mdg_lo_output_buffer(lo, 0);
    const int32_t unit = w.row / y->shape.dim[axis];
    int32_t offset = 0;
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const int32_t bytes = mdg_lo_input(lo, k)->shape.dim[axis] * unit;
        if (bytes) put_part(lo, &w, mdg_lo_input_buffer(lo, k), offset, bytes);
        offset += bytes;
    }
    return MDG_OK;
}

static mdg_status lower_split_axis(mdg_lowering *lo, int data, int axis_input) {
    const mdg_tensor *x = mdg_lo_input(lo, data);
    int32_t value;
    int axis;
    int64_t filled = 0;
    whole w;
    MDG_TRY(mdg_lo_need_const_int(lo, mdg_lo_input(lo, axis_input), &value));
    MDG_TRY(mdg_lo_need_axis(lo, value, x->shape.rank, &axis));
    for (int k = 0; k < lo->op->n_outputs; k++)
        MDG_TRY(check_part(lo, x, axis, mdg_lo_output(lo, k), &filled));
    MDG_TRY(mdg_lo_need(lo, filled == x->shape.dim[axis], "the outputs do not make up the input"));
    if (mdg_lo_elements(x) == 0) return MDG_OK;
    MDG_TRY(whole_of(lo, x, axis, &w));
    w.buffer = mdg_lo_input_buffer(lo, data);
    const int32_t unit = w.row / x->shape.dim[axis];
    int32_t offset = 0;
    for (int k = 0; k < lo->op->n_outputs; k++) {
        const int32_t bytes = mdg_lo_output(lo, k)->shape.dim[axis] * unit;
        if (bytes) take_part(lo, &w, mdg_lo_output_buffer(lo, k), offset, bytes);
        offset += bytes;
    }
    return MDG_OK;
}

static mdg_status lower_split(mdg_lowering *lo) {
    const mdg_shape *first = &mdg_lo_output(lo, 0)->shape;
    for (int k = 1; k < lo->op->n_outputs; k++) MDG_TRY(mdg_lo_need_shape(lo, mdg_lo_output(lo, k), first));
    return lower_split_axis(lo, 1, 0);
}

/* The outputs' shapes say what the sizes say. */
static mdg_status lower_split_v(mdg_lowering *lo) {
    return lower_split_axis(lo, 0, 2);
}

/* The shape `all` without dimension `axis` */
static mdg_shape without_axis(const mdg_shape *all, int axis) {
    mdg_shape s = {.rank = all->rank - 1};
    for (int d = 0; d < s.rank; d++) s.dim[d] = all->dim[d < axis ? d : d + 1];
    return s;
}

static mdg_status lower_pack(mdg_lowering *lo) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    int axis;
    whole w;
    MDG_TRY(mdg_lo_need_axis(lo, ((const mdg_pack_attrs *)lo->op->attrs)->axis, y->shape.rank, &axis));
    MDG_TRY(mdg_lo_need(lo, y->shape.dim[axis] == lo->op->n_inputs, "the inputs do not fill the output"));
    MDG_TRY(whole_of(lo, y, axis, &w));
    w.buffer = mdg_lo_output_buffer(lo, 0);
    const mdg_shape expected = without_axis(&y->shape, axis);
    const int32_t bytes = w.row / lo->op->n_inputs;
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const mdg_tensor *x = mdg_lo_input(lo, k);
        MDG_TRY(mdg_lo_need(lo, x != NULL, "an input is missing"));
        MDG_TRY(mdg_lo_need_same_type(lo, x, y));
        MDG_TRY(mdg_lo_need_shape(lo, x, &expected));
        put_part(lo, &w, mdg_lo_input_buffer(lo, k), k * bytes, bytes);
    }
    return MDG_OK;
}

static mdg_status lower_unpack(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    int axis;
    whole w;
    MDG_TRY(mdg_lo_need_axis(lo, ((const mdg_unpack_attrs *)lo->op->attrs)->axis, x->shape.rank, &axis));
    MDG_TRY(mdg_lo_need(lo, x->shape.dim[axis] == lo->op->n_outputs, "the outputs do not make up the input"));
    MDG_TRY(whole_of(lo, x, axis, &w));
    w.buffer = mdg_lo_input_buffer(lo, 0);
    const mdg_shape expected = without_axis(&x->shape, axis);
    const int32_t bytes = w.row / lo->op->n_outputs;
    for (int k = 0; k < lo->op->n_outputs; k++) {
        MDG_TRY(mdg_lo_need_same_type(lo, x, mdg_lo_output(lo, k)));
        MDG_TRY(mdg_lo_need_shape(lo, mdg_lo_output(lo, k), &expected));
        take_part(lo, &w, mdg_lo_output_buffer(lo, k), k * bytes, bytes);
    }
    return MDG_OK;
}

static const mdg_variant any[] = {{"*->*", MDG_K_copy}};
MDG_RULE(concatenation, 1, -1, 1, any, lower_concatenation, .takes_empty = true);
MDG_RULE(pack, 1, -1, 1, any, lower_pack);
MDG_RULE(unpack, 1, 1, -1, any, lower_unpack);

static const mdg_variant split[] = {{"int32,*->*", MDG_K_copy}};
MDG_RULE(split, 2, 2, -1, split, lower_split);

static const mdg_variant split_v[] = {{"*,int32,int32->*", MDG_K_copy}, {"*,int64,int32->*", MDG_K_copy}};
MDG_RULE(split_v, 3, 3, -1, split_v, lower_split_v, .takes_empty = true);
