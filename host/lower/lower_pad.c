/* SPDX-License-Identifier: MIT
 *
 * PAD, PADV2, MIRROR_PAD.
 */
#include "lower/lower.h"

/* The element that fills the borders: PADV2's third input, or the zero of the output's quantisation */
static mdg_status fill_buffer(mdg_lowering *lo, int *buffer) {
    const mdg_tensor *value = mdg_lo_input(lo, 2), *y = mdg_lo_output(lo, 0);
    if (value) {
        MDG_TRY(mdg_lo_need_elements(lo, value, 1));
        *buffer = mdg_lo_input_buffer(lo, 2);
        return MDG_OK;
    }
    int32_t *zero = mdg_lo_params(lo, sizeof *zero);
    if (y->type == MDG_INT8) {
        MDG_TRY(mdg_lo_need_scale(lo, y));
        *zero = mdg_lo_zero(y) & 0xFF;
    }
    *buffer = mdg_lo_const(lo, "pad value", mdg_c_type(y->type), zero, mdg_type_bits(y->type) / 8);
    return MDG_OK;
}

/* Fills the leading fields (params.h: pad) of params. */
static mdg_status pad_shape(const mdg_lowering *lo, void *params) {
    mdg_pad_params *p = params;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    const int32_t *paddings;
    int count;
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, 1), &paddings, &count));
    MDG_TRY(mdg_lo_need_rank(lo, y, x->shape.rank, x->shape.rank));
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need(lo, count == 2 * x->shape.rank, "paddings need two numbers for each dimension"));
    p->rank = x->shape.rank;
    for (int d = 0; d < p->rank; d++) {
        const int64_t before = paddings[2 * d], after = paddings[2 * d + 1];
        MDG_TRY(mdg_lo_need(lo, before >= 0 && after >= 0, "a padding is negative"));
        MDG_TRY(mdg_lo_need(lo, before + x->shape.dim[d] + after == y->shape.dim[d],
                            "the output's shape is not that of the padded input"));
        p->in_dim[d] = x->shape.dim[d];
        p->out_dim[d] = y->shape.dim[d];
        p->before[d] = (int32_t)before;
    }
    return MDG_OK;
}

static mdg_status lower(mdg_lowering *lo) {
    mdg_pad_params *p = mdg_lo_params(lo, sizeof *p);
    int fill;
    MDG_TRY(pad_shape(lo, p));
    MDG_TRY(fill_buffer(lo, &fill));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_in(c, fill);
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

/* The mirror must show what is there: a border in front is no wider than the tensor, without its edge in mode
 * REFLECT. */
static mdg_status lower_mirror(mdg_lowering *lo) {
    enum { REFLECT = 0 };
    mdg_mirror_pad_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(pad_shape(lo, p));
    p->skip_edge = ((const mdg_mirror_pad_attrs *)lo->op->attrs)->mode == REFLECT;
    for (int d = 0; d < p->rank; d++)
        MDG_TRY(mdg_lo_need(lo, p->before[d] <= p->in_dim[d] - p->skip_edge,
                            "a border is wider than the tensor that it mirrors"));
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, p);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

static const mdg_variant pad[] = {
    {"int8,int32->int8", MDG_K_pad_8},        {"int16,int32->int16", MDG_K_pad_16},
    {"int32,int32->int32", MDG_K_pad_32},     {"float32,int32->float32", MDG_K_pad_32},
    {"int8,int64->int8", MDG_K_pad_8},        {"int16,int64->int16", MDG_K_pad_16},
    {"float32,int64->float32", MDG_K_pad_32},
};
MDG_RULE(pad, 2, 2, 1, pad, lower);

static const mdg_variant padv2[] = {
    {"int8,int32,int8->int8", MDG_K_pad_8},
    {"int16,int32,int16->int16", MDG_K_pad_16},
    {"int32,int32,int32->int32", MDG_K_pad_32},
    {"float32,int32,float32->float32", MDG_K_pad_32},
};
MDG_RULE(padv2, 3, 3, 1, padv2, lower);

static const mdg_variant mirror_pad[] = {
    {"int8,int32->int8", MDG_K_mirror_pad_8},        {"int16,int32->int16", MDG_K_mirror_pad_16},
    {"float32,int32->float32", MDG_K_mirror_pad_32}, {"int8,int64->int8", MDG_K_mirror_pad_8},
    {"int16,int64->int16", MDG_K_mirror_pad_16},     {"float32,int64->float32", MDG_K_mirror_pad_32},
};
MDG_RULE(mirror_pad, 2, 2, 1, mirror_pad, lower_mirror);
