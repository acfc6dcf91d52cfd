/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED.
 */
#include "lower/lower.h"

/* Products of two int8 differences that a 32-bit sum holds */
enum { MAX_INPUTS = 33000 };

typedef struct sizes {
    int32_t batches, in_c, out_c;
} sizes;

static mdg_status read_sizes(const mdg_lowering *lo, sizes *s) {
    const mdg_fully_connected_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *w = mdg_lo_input(lo, 1), *bias = mdg_lo_input(lo, 2);
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need(lo, a->weights_format == MDG_WEIGHTS_DEFAULT, "shuffled weights are not supported"));
    MDG_TRY(mdg_lo_need_rank(lo, w, 2, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_rank(lo, y, 1, MDG_MAX_RANK));
    s->in_c = w->shape.dim[w->shape.rank - 1];
    s->out_c = y->shape.dim[y->shape.rank - 1];
    s->batches = mdg_lo_elements(y) / s->out_c;
    MDG_TRY(mdg_lo_need_elements(lo, w, (int64_t)s->out_c * s->in_c));
    MDG_TRY(mdg_lo_need_elements(lo, x, (int64_t)s->batches * s->in_c));
    return bias ? mdg_lo_need_elements(lo, bias, s->out_c) : MDG_OK;
}

static mdg_status lower_f32(mdg_lowering *lo, const sizes *s) {
    const mdg_fully_connected_attrs *a = lo->op->attrs;
    mdg_fully_connected_f32_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_fully_connected_f32_params){.batches = s->batches, .in_c = s->in_c, .out_c = s->out_c};
    MDG_TRY(mdg_lo_activation_f32(lo, a->activation, &p->act_min, &p->act_max));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static mdg_status add_per_channel_call(mdg_lowering *lo, const mdg_fully_connected_params *p) {
    const mdg_tensor *w = mdg_lo_input(lo, 1);
    int mult, shift;
    if (w->type != MDG_INT8) return mdg_lo_fail(lo, MDG_UNSUPPORTED, "int4 weights need one scale for all");
    MDG_TRY(mdg_lo_need_channel_scales(lo, w, 0));
    MDG_TRY(mdg_lo_channel_multipliers(lo, mdg_lo_input(lo, 0), w, &mult, &shift));
    if (lo->kernel == MDG_K_fully_connected_s8) lo->kernel = MDG_K_fully_connected_per_channel_s8;
    mdg_call *c = mdg_lo_call(lo, p);
    mdg_call_add_in(c, mult);
    mdg_call_add_in(c, shift);
    return MDG_OK;
}

/* One scale for all weights */
static mdg_status add_per_tensor_call(mdg_lowering *lo, mdg_fully_connected_params *p) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *w = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_channel_scales(lo, w, 0));
    p->filter_zero = mdg_lo_zero(w);
    MDG_TRY(mdg_lo_product_multiplier(lo, x, w, mdg_lo_scale(y), &p->mult, &p->shift));
    mdg_call *c = mdg_lo_call(lo, p);
    if (y->type != MDG_INT16) return MDG_OK;
    mdg_call_add_in(c, -1); /* no multiplier and no shift of its own for each channel */
    mdg_call_add_in(c, -1);
    return MDG_OK;
}

static mdg_status lower(mdg_lowering *lo) {
    const mdg_fully_connected_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *w = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    sizes s;
    MDG_TRY(read_sizes(lo, &s));
    if (y->type == MDG_FLOAT32) return lower_f32(lo, &s);
    if (w->type == MDG_INT4) MDG_TRY(mdg_lo_need_const(lo, w));
    if (lo->kernel == MDG_K_fully_connected_s16_b64 && !mdg_lo_input(lo, 2) &&
        a->quantized_bias_type == MDG_INT32)
        lo->kernel = MDG_K_fully_connected_s16_b32;

    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    if (x->type == MDG_INT8 && s.in_c > MAX_INPUTS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %d inputs overflow the sum", MAX_INPUTS);
    mdg_fully_connected_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_fully_connected_params){.batches = s.batches, .in_c = s.in_c, .out_c = s.out_c};
    p->in_zero = mdg_lo_zero(x);
    p->out_zero = mdg_lo_zero(y);
    MDG_TRY(mdg_lo_activation(lo, a->activation, y, &p->act_min, &p->act_max));
    return w->quant.count > 1 ? add_per_channel_call(lo, p) : add_per_tensor_call(lo, p);
}

static const mdg_variant variants[] = {
    {"int8,int8->int8", MDG_K_fully_connected_s8},
    {"int8,int8,int32->int8", MDG_K_fully_connected_s8},
    {"int8,int4->int8", MDG_K_fully_connected_s8},
    {"int8,int4,int32->int8", MDG_K_fully_connected_s8},
    {"int16,int8->int16", MDG_K_fully_connected_s16_b64},
    {"int16,int8,int64->int16", MDG_K_fully_connected_s16_b64},
    {"int16,int8,int32->int16", MDG_K_fully_connected_s16_b32},
    {"float32,float32->float32", MDG_K_fully_connected_f32},
    {"float32,float32,float32->float32", MDG_K_fully_connected_f32},
};
MDG_RULE(fully_connected, 2, 3, 1, variants, lower);
