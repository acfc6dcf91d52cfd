/* SPDX-License-Identifier: MIT
 *
 * CONCATENATION: one copy for each input.
 */
#include "lower/lower.h"

/* All dimensions but `axis` are those of the output, and the inputs fill the output along it. */
static mdg_status check_shapes(const mdg_lowering *lo, int axis) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    int64_t filled = 0;
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const mdg_tensor *x = mdg_lo_input(lo, k);
        MDG_TRY(mdg_lo_need(lo, x != NULL, "an input is missing"));
        MDG_TRY(mdg_lo_need_same_type(lo, x, y));
        MDG_TRY(mdg_lo_need_rank(lo, x, y->shape.rank, y->shape.rank));
        mdg_shape expected = y->shape;
        expected.dim[axis] = x->shape.dim[axis];
        MDG_TRY(mdg_lo_need_shape(lo, x, &expected));
        if (y->type == MDG_INT8) MDG_TRY(mdg_lo_need_same_scale(lo, x, y));
        filled += x->shape.dim[axis];
    }
    return mdg_lo_need(lo, filled == y->shape.dim[axis], "the inputs do not fill the output");
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_concatenation_attrs *a = lo->op->attrs;
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    const int axis = a->axis < 0 ? a->axis + y->shape.rank : a->axis;
    MDG_TRY(mdg_lo_need(lo, axis >= 0 && axis < y->shape.rank, "the axis is none of the output's"));
    MDG_TRY(mdg_lo_need(lo, a->activation == MDG_ACT_NONE, "a fused activation is not supported"));
    MDG_TRY(check_shapes(lo, axis));

    int32_t blocks = 1, unit = (int32_t)mdg_type_bits(y->type) / 8; /* bytes of one step along the axis */
    for (int d = 0; d < axis; d++) blocks *= y->shape.dim[d];
    for (int d = axis + 1; d < y->shape.rank; d++) unit *= y->shape.dim[d];
    int32_t offset = 0;
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const int32_t bytes = mdg_lo_input(lo, k)->shape.dim[axis] * unit;
        mdg_copy_params *p = mdg_lo_params(lo, sizeof *p);
        *p =
            (mdg_copy_params){.blocks = blocks, .block_bytes = bytes, .in_step = bytes, .out_offset = offset};
        p->out_step = y->shape.dim[axis] * unit;
        mdg_call *c = mdg_lo_call_kernel(lo, MDG_K_copy, p);
        mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
        mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
        offset += bytes;
    }
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"int8*->int8", MDG_K_copy},   {"int16*->int16", MDG_K_copy},     {"int32*->int32", MDG_K_copy},
    {"int64*->int64", MDG_K_copy}, {"float32*->float32", MDG_K_copy}, {"bool*->bool", MDG_K_copy},
};
MDG_RULE(concatenation, 1, -1, 1, variants, lower);
