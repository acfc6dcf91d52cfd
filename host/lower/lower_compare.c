/* SPDX-License-Identifier: MIT
 *
 * EQUAL, NOT_EQUAL, LESS, LESS_EQUAL, GREATER, GREATER_EQUAL; LOGICAL_NOT.
 */
#include "lower/lower.h"

static mdg_status set_quantised(const mdg_lowering *lo, mdg_compare_params *p) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1);
    MDG_TRY(mdg_lo_need_scale(lo, a));
    MDG_TRY(mdg_lo_need_scale(lo, b));
    p->a_zero = mdg_lo_zero(a), p->b_zero = mdg_lo_zero(b);
    MDG_TRY(mdg_lo_multiplier_below_one(lo, (double)mdg_lo_scale(a), &p->a_mult, &p->a_shift));
    return mdg_lo_multiplier_below_one(lo, (double)mdg_lo_scale(b), &p->b_mult, &p->b_shift);
}

/* For int16, which it takes in GREATER alone, TFLM never computes the factors: they stay 0, nothing is
 * greater than anything, and so it is here. */
static mdg_status lower(mdg_lowering *lo) {
    const mdg_type type = mdg_lo_input(lo, 0)->type;
    if (type != MDG_INT8 && type != MDG_INT16) return mdg_lower_broadcast(lo);
    mdg_compare_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    if (type == MDG_INT8) MDG_TRY(set_quantised(lo, p));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* a > b is b < a */
static mdg_status lower_exchanged(mdg_lowering *lo) {
    mdg_op op = *lo->op;
    int32_t inputs[2] = {op.inputs[1], op.inputs[0]};
    op.inputs = inputs;
    mdg_lowering exchanged = *lo;
    exchanged.op = &op;
    return lower(&exchanged);
}

static mdg_status lower_logical_not(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static const mdg_variant equal[] = {
    {"int8,int8->bool", MDG_K_equal_s8},        {"int32,int32->bool", MDG_K_equal_s32},
    {"int64,int64->bool", MDG_K_equal_s64},     {"bool,bool->bool", MDG_K_equal_bool},
    {"float32,float32->bool", MDG_K_equal_f32},
};
MDG_RULE(equal, 2, 2, 1, equal, lower);

static const mdg_variant not_equal[] = {
    {"int8,int8->bool", MDG_K_not_equal_s8},        {"int32,int32->bool", MDG_K_not_equal_s32},
    {"int64,int64->bool", MDG_K_not_equal_s64},     {"bool,bool->bool", MDG_K_not_equal_bool},
    {"float32,float32->bool", MDG_K_not_equal_f32},
};
MDG_RULE(not_equal, 2, 2, 1, not_equal, lower);

static const mdg_variant less[] = {
    {"int8,int8->bool", MDG_K_less_s8},
    {"int32,int32->bool", MDG_K_less_s32},
    {"int64,int64->bool", MDG_K_less_s64},
    {"float32,float32->bool", MDG_K_less_f32},
};
MDG_RULE(less, 2, 2, 1, less, lower);

static const mdg_variant greater[] = {
    {"int8,int8->bool", MDG_K_less_s8},        {"int16,int16->bool", MDG_K_less_s16},
    {"int32,int32->bool", MDG_K_less_s32},     {"int64,int64->bool", MDG_K_less_s64},
    {"float32,float32->bool", MDG_K_less_f32},
};
MDG_RULE(greater, 2, 2, 1, greater, lower_exchanged);

static const mdg_variant less_equal[] = {
    {"int8,int8->bool", MDG_K_less_equal_s8},
    {"int32,int32->bool", MDG_K_less_equal_s32},
    {"int64,int64->bool", MDG_K_less_equal_s64},
    {"float32,float32->bool", MDG_K_less_equal_f32},
};
MDG_RULE(less_equal, 2, 2, 1, less_equal, lower);
MDG_RULE(greater_equal, 2, 2, 1, less_equal, lower_exchanged);

static const mdg_variant logical_not[] = {{"bool->bool", MDG_K_logical_not_bool}};
MDG_RULE(logical_not, 1, 1, 1, logical_not, lower_logical_not);
