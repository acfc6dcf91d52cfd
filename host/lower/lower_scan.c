/* SPDX-License-Identifier: MIT
 *
 * CUMSUM, ARG_MAX, ARG_MIN: along one dimension.
 */
#include "lower/move.h"

static mdg_status read_axis(const mdg_lowering *lo, int *axis) {
    int32_t value;
    MDG_TRY(mdg_lo_need_const_int(lo, mdg_lo_input(lo, 1), &value));
    return mdg_lo_need_axis(lo, value, mdg_lo_input(lo, 0)->shape.rank, axis);
}

static mdg_call *call(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return c;
}

/* Sums have 19 fractional bits (TFLM: 20, at twice the input's scale). */
static mdg_status lower_cumsum(mdg_lowering *lo) {
    const mdg_cumsum_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_cumsum_params *p = mdg_lo_params(lo, sizeof *p);
    int axis;
    MDG_TRY(read_axis(lo, &axis));
    MDG_TRY(mdg_lo_need_same_shape(lo, x, y));
    p->outer = mdg_lo_outer(&x->shape, axis);
    p->axis = x->shape.dim[axis];
    p->inner = mdg_lo_inner(&x->shape, axis);
    p->exclusive = a->exclusive;
    p->reverse = a->reverse;
    if (x->type == MDG_INT8) {
        MDG_TRY(mdg_lo_need_scale(lo, x));
        MDG_TRY(mdg_lo_need_scale(lo, y));
        p->in_zero = mdg_lo_zero(x);
        p->out_zero = mdg_lo_zero(y);
        const double real = 2.0 * (double)mdg_lo_scale(x) / ((double)(1 << 20) * (double)mdg_lo_scale(y));
        MDG_TRY(mdg_lo_multiplier_below_one(lo, real, &p->mult, &p->shift));
    }
    mdg_call_allow_inplace(lo->program, call(lo, p), 0); /* an element is read before it is written */
    return MDG_OK;
}

static mdg_status lower_arg(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    mdg_arg_params *p = mdg_lo_params(lo, sizeof *p);
    int axis;
    MDG_TRY(read_axis(lo, &axis));
    p->outer = mdg_lo_outer(&x->shape, axis);
    p->axis = x->shape.dim[axis];
    p->inner = mdg_lo_inner(&x->shape, axis);
    MDG_TRY(mdg_lo_need_elements(lo, mdg_lo_output(lo, 0), p->outer * p->inner));
    call(lo, p);
    return MDG_OK;
}

static const mdg_variant cumsum[] = {
    {"int8,int32->int8", MDG_K_cumsum_s8},
    {"float32,int32->float32", MDG_K_cumsum_f32},
};
MDG_RULE(cumsum, 2, 2, 1, cumsum, lower_cumsum);

static const mdg_variant arg_max[] = {
    {"int8,int32->int32", MDG_K_arg_max_s8},
    {"float32,int32->int32", MDG_K_arg_max_f32},
};
MDG_RULE(arg_max, 2, 2, 1, arg_max, lower_arg);

static const mdg_variant arg_min[] = {
    {"int8,int32->int32", MDG_K_arg_min_s8},
    {"float32,int32->int32", MDG_K_arg_min_f32},
};
MDG_RULE(arg_min, 2, 2, 1, arg_min, lower_arg);
