/* SPDX-License-Identifier: MIT
 *
 * ADD, MUL, MAXIMUM, MINIMUM, LOGICAL_AND, LOGICAL_OR: two inputs, broadcast against each other.
 */
#include "lower/lower.h"

/* Every element depends on those at its own place, so an operand that is not repeated may be overwritten. */
static void add_call(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call(lo, params);
    mdg_call_allow_inplace(lo->program, c, 1);
    mdg_call_allow_inplace(lo->program, c, 0);
}

mdg_status mdg_lower_broadcast(mdg_lowering *lo) {
    mdg_broadcast_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    add_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_f32(mdg_lowering *lo, int activation) {
    mdg_binary_f32_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    MDG_TRY(mdg_lo_activation_f32(lo, activation, &p->act_min, &p->act_max));
    add_call(lo, p);
    return MDG_OK;
}

static mdg_status need_scales(const mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 0)));
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 1)));
    return mdg_lo_need_scale(lo, mdg_lo_output(lo, 0));
}

/* Both operands come to a common scale: twice the larger one, with left_shift bits of headroom below. */
static mdg_status set_add_scaling(const mdg_lowering *lo, mdg_add_params *p) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    const double a_scale = (double)mdg_lo_scale(a), b_scale = (double)mdg_lo_scale(b);
    const double common = 2 * (a_scale > b_scale ? a_scale : b_scale);
    const double out = common / ((1 << p->left_shift) * (double)mdg_lo_scale(y));
    p->a_zero = mdg_lo_zero(a), p->b_zero = mdg_lo_zero(b), p->out_zero = mdg_lo_zero(y);
    MDG_TRY(mdg_lo_multiplier_below_one(lo, a_scale / common, &p->a_mult, &p->a_shift));
    MDG_TRY(mdg_lo_multiplier_below_one(lo, b_scale / common, &p->b_mult, &p->b_shift));
    return mdg_lo_multiplier_below_one(lo, out, &p->out_mult, &p->out_shift);
}

static mdg_status lower_add(mdg_lowering *lo) {
    const mdg_add_attrs *a = lo->op->attrs;
    const mdg_type type = mdg_lo_output(lo, 0)->type;
    if (type == MDG_FLOAT32) return lower_f32(lo, a->activation);
    if (type == MDG_INT32) return mdg_lower_broadcast(lo);
    MDG_TRY(need_scales(lo));
    mdg_add_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    p->left_shift = 20;
    MDG_TRY(set_add_scaling(lo, p));
    MDG_TRY(mdg_lo_activation(lo, a->activation, mdg_lo_output(lo, 0), &p->act_min, &p->act_max));
    add_call(lo, p);
    return MDG_OK;
}

static mdg_status lower_mul(mdg_lowering *lo) {
    const mdg_mul_attrs *o = lo->op->attrs;
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    if (y->type == MDG_FLOAT32) return lower_f32(lo, o->activation);
    MDG_TRY(need_scales(lo));
    mdg_mul_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    p->a_zero = mdg_lo_zero(a), p->b_zero = mdg_lo_zero(b), p->out_zero = mdg_lo_zero(y);
    const double real = (double)mdg_lo_scale(a) * (double)mdg_lo_scale(b) / (double)mdg_lo_scale(y);
    MDG_TRY(mdg_lo_multiplier(lo, real, &p->mult, &p->shift));
    MDG_TRY(mdg_lo_activation(lo, o->activation, y, &p->act_min, &p->act_max));
    add_call(lo, p);
    return MDG_OK;
}

static const mdg_variant add[] = {
    {"int8,int8->int8", MDG_K_add_s8},
    {"int32,int32->int32", MDG_K_add_s32},
    {"float32,float32->float32", MDG_K_add_f32},
};
MDG_RULE(add, 2, 2, 1, add, lower_add);

static const mdg_variant mul[] = {
    {"int8,int8->int8", MDG_K_mul_s8},
    {"float32,float32->float32", MDG_K_mul_f32},
};
MDG_RULE(mul, 2, 2, 1, mul, lower_mul);

static const mdg_variant maximum[] = {
    {"int8,int8->int8", MDG_K_maximum_s8},           {"int16,int16->int16", MDG_K_maximum_s16},
    {"int32,int32->int32", MDG_K_maximum_s32},       {"int64,int64->int64", MDG_K_maximum_s64},
    {"float32,float32->float32", MDG_K_maximum_f32},
};
MDG_RULE(maximum, 2, 2, 1, maximum, mdg_lower_broadcast);

static const mdg_variant minimum[] = {
    {"int8,int8->int8", MDG_K_minimum_s8},           {"int16,int16->int16", MDG_K_minimum_s16},
    {"int32,int32->int32", MDG_K_minimum_s32},       {"int64,int64->int64", MDG_K_minimum_s64},
    {"float32,float32->float32", MDG_K_minimum_f32},
};
MDG_RULE(minimum, 2, 2, 1, minimum, mdg_lower_broadcast);

static const mdg_variant logical_and[] = {{"bool,bool->bool", MDG_K_logical_and_bool}};
MDG_RULE(logical_and, 2, 2, 1, logical_and, mdg_lower_broadcast);

static const mdg_variant logical_or[] = {{"bool,bool->bool", MDG_K_logical_or_bool}};
MDG_RULE(logical_or, 2, 2, 1, logical_or, mdg_lower_broadcast);
