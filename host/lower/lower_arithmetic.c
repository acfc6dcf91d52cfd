/* SPDX-License-Identifier: MIT
 *
 * ADD, SUB, MUL, DIV, SQUARED_DIFFERENCE; MAXIMUM, MINIMUM, FLOOR_DIV, FLOOR_MOD, LOGICAL_AND, LOGICAL_OR,
 * which do not rescale: two inputs, broadcast against each other. ADD_N: any number of inputs of one shape.
 */
#include "lower/lower.h"

mdg_status mdg_lower_broadcast(mdg_lowering *lo) {
    mdg_broadcast_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_f32(mdg_lowering *lo, int activation) {
    mdg_binary_f32_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    MDG_TRY(mdg_lo_activation_f32(lo, activation, &p->act_min, &p->act_max));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_i32(mdg_lowering *lo, int activation) {
    mdg_binary_i32_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    const bool from_zero = activation == MDG_ACT_RELU || activation == MDG_ACT_RELU6;
    const bool unit = activation == MDG_ACT_RELU_N1_TO_1;
    p->act_min = from_zero ? 0 : unit ? -1 : INT32_MIN;
    p->act_max = activation == MDG_ACT_RELU6 ? 6 : unit ? 1 : INT32_MAX;
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status need_scales(const mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 0)));
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 1)));
    return mdg_lo_need_scale(lo, mdg_lo_output(lo, 0));
}

/* The kernel of 16 bits has room for its products only where the zero points are 0; TFLM refuses others too.
 */
static mdg_status need_symmetric_int16(const mdg_lowering *lo) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    if (y->type != MDG_INT16 || (mdg_lo_zero(a) == 0 && mdg_lo_zero(b) == 0 && mdg_lo_zero(y) == 0))
        return MDG_OK;
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "int16 with a zero point other than 0");
}

/* The real factors of ADD and its like: operands to their common scale, and that to the output's */
typedef struct add_factors {
    double a, b, out;
} add_factors;

/* Twice the larger scale is common, with left_shift bits of headroom below. */
static add_factors add_factors_of(const mdg_lowering *lo, int left_shift) {
    const double a = (double)mdg_lo_scale(mdg_lo_input(lo, 0)), b = (double)mdg_lo_scale(mdg_lo_input(lo, 1));
    const double common = 2 * (a > b ? a : b);
    return (add_factors){a / common, b / common,
                         common / ((double)(1 << left_shift) * (double)mdg_lo_scale(mdg_lo_output(lo, 0)))};
}

/* SUB forms all of that in float32. */
static add_factors sub_factors_of(const mdg_lowering *lo, int left_shift) {
    const float a = mdg_lo_scale(mdg_lo_input(lo, 0)), b = mdg_lo_scale(mdg_lo_input(lo, 1));
    const float common = 2 * (a > b ? a : b);
    const float out = common / ((float)(1 << left_shift) * mdg_lo_scale(mdg_lo_output(lo, 0)));
    return (add_factors){(double)(a / common), (double)(b / common), (double)out};
}

/* What is left of `add` parameters when left_shift and the output's factor are set */
static mdg_status call_add(mdg_lowering *lo, mdg_add_params *p, add_factors f, int activation) {
    p->a_zero = mdg_lo_zero(mdg_lo_input(lo, 0));
    p->b_zero = mdg_lo_zero(mdg_lo_input(lo, 1));
    p->out_zero = mdg_lo_zero(mdg_lo_output(lo, 0));
    MDG_TRY(mdg_lo_multiplier_below_one(lo, f.a, &p->a_mult, &p->a_shift));
    MDG_TRY(mdg_lo_multiplier_below_one(lo, f.b, &p->b_mult, &p->b_shift));
    MDG_TRY(mdg_lo_activation(lo, activation, mdg_lo_output(lo, 0), &p->act_min, &p->act_max));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_sum(mdg_lowering *lo, add_factors (*factors_of)(const mdg_lowering *, int),
                            int activation) {
    mdg_add_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(need_scales(lo));
    MDG_TRY(mdg_lo_broadcast(lo, p));
    p->left_shift = mdg_lo_output(lo, 0)->type == MDG_INT16 ? 15 : 20;
    const add_factors f = factors_of(lo, p->left_shift);
    MDG_TRY(mdg_lo_multiplier_below_one(lo, f.out, &p->out_mult, &p->out_shift));
    return call_add(lo, p, f, activation);
}

/* int32 ADD ignores the fused activation, as in TFLM. */
static mdg_status lower_add(mdg_lowering *lo) {
    const mdg_add_attrs *o = lo->op->attrs;
    if (lo->kernel == MDG_K_add_f32) return lower_f32(lo, o->activation);
    if (lo->kernel == MDG_K_add_s32) return mdg_lower_broadcast(lo);
    return lower_sum(lo, add_factors_of, o->activation);
}

static mdg_status lower_sub(mdg_lowering *lo) {
    const mdg_sub_attrs *o = lo->op->attrs;
    if (lo->kernel == MDG_K_sub_f32) return lower_f32(lo, o->activation);
    if (lo->kernel == MDG_K_sub_s32) return lower_i32(lo, o->activation);
    return lower_sum(lo, sub_factors_of, o->activation);
}

/* The difference stands in 2^-left_shift of the common scale, so that its square fits 31 bits. */
static mdg_status lower_squared_difference(mdg_lowering *lo) {
    mdg_add_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    if (y->type == MDG_FLOAT32 || y->type == MDG_INT32) {
        mdg_lo_call_elementwise(lo, p);
        return MDG_OK;
    }
    MDG_TRY(need_scales(lo));
    MDG_TRY(need_symmetric_int16(lo));
    p->left_shift = y->type == MDG_INT16 ? 0 : 7;
    const add_factors f = add_factors_of(lo, p->left_shift);
    const double common = (double)mdg_lo_scale(mdg_lo_input(lo, 0)) / f.a;
    const double square = common * common / ((double)(1 << (2 * p->left_shift)) * (double)mdg_lo_scale(y));
    MDG_TRY(mdg_lo_multiplier(lo, square, &p->out_mult, &p->out_shift));
    return call_add(lo, p, f, MDG_ACT_NONE);
}

/* MUL and DIV: one factor for the product or quotient */
static mdg_status lower_product(mdg_lowering *lo, double real, int activation) {
    const mdg_tensor *a = mdg_lo_input(lo, 0), *b = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    mdg_mul_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    p->a_zero = mdg_lo_zero(a), p->b_zero = mdg_lo_zero(b), p->out_zero = mdg_lo_zero(y);
    MDG_TRY(mdg_lo_multiplier(lo, real, &p->mult, &p->shift));
    MDG_TRY(mdg_lo_activation(lo, activation, y, &p->act_min, &p->act_max));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_mul(mdg_lowering *lo) {
    const mdg_mul_attrs *o = lo->op->attrs;
    if (lo->kernel == MDG_K_mul_f32) return lower_f32(lo, o->activation);
    if (lo->kernel == MDG_K_mul_s32) return lower_i32(lo, o->activation);
    MDG_TRY(need_scales(lo));
    MDG_TRY(need_symmetric_int16(lo));
    const double a = (double)mdg_lo_scale(mdg_lo_input(lo, 0)), b = (double)mdg_lo_scale(mdg_lo_input(lo, 1));
    return lower_product(lo, a * b / (double)mdg_lo_scale(mdg_lo_output(lo, 0)), o->activation);
}

static mdg_status lower_div(mdg_lowering *lo) {
    const mdg_div_attrs *o = lo->op->attrs;
    if (lo->kernel == MDG_K_div_f32) return lower_f32(lo, o->activation);
    if (lo->kernel == MDG_K_div_s32) return lower_i32(lo, o->activation);
    MDG_TRY(need_scales(lo));
    const float a = mdg_lo_scale(mdg_lo_input(lo, 0)), b = mdg_lo_scale(mdg_lo_input(lo, 1));
    return lower_product(lo, (double)(a / (b * mdg_lo_scale(mdg_lo_output(lo, 0)))), o->activation);
}

/* All inputs are of one shape, and if quantised of one scale. */
static mdg_status check_terms(const mdg_lowering *lo) {
    const mdg_tensor *first = mdg_lo_input(lo, 0);
    if (lo->op->n_inputs > MDG_CALL_MAX_IO)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "%d inputs; at most %d are supported", lo->op->n_inputs,
                           MDG_CALL_MAX_IO);
    for (int k = 0; k < lo->op->n_inputs; k++) {
        const mdg_tensor *x = mdg_lo_input(lo, k);
        MDG_TRY(mdg_lo_need(lo, x != NULL, "an input is missing"));
        MDG_TRY(mdg_lo_need_same_type(lo, first, x));
        MDG_TRY(mdg_lo_need_same_shape(lo, first, x));
        if (x->type == MDG_INT8) MDG_TRY(mdg_lo_need_same_scale(lo, first, x));
    }
    MDG_TRY(mdg_lo_need_same_type(lo, first, mdg_lo_output(lo, 0)));
    return mdg_lo_need_same_elements(lo, first, mdg_lo_output(lo, 0));
}

static void call_add_n(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    for (int k = 0; k < lo->op->n_inputs; k++) mdg_call_add_in(c, mdg_lo_input_buffer(lo, k));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    mdg_call_allow_inplace(lo->program, c, 0);
}

static mdg_status lower_add_n(mdg_lowering *lo) {
    MDG_TRY(check_terms(lo));
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    mdg_add_n_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_add_n_params){.count = mdg_lo_elements(x), .inputs = lo->op->n_inputs};
    if (y->type == MDG_INT8) {
        MDG_TRY(mdg_lo_need_scale(lo, y));
        p->in_zero = mdg_lo_zero(x), p->out_zero = mdg_lo_zero(y);
        const double real = 2 * (double)mdg_lo_scale(x) / ((double)(1 << 20) * (double)mdg_lo_scale(y));
        MDG_TRY(mdg_lo_multiplier_below_one(lo, real, &p->mult, &p->shift));
    }
    call_add_n(lo, p);
    return MDG_OK;
}

static const mdg_variant add[] = {
    {"int8,int8->int8", MDG_K_add_s8},
    {"int16,int16->int16", MDG_K_add_s16},
    {"int32,int32->int32", MDG_K_add_s32},
    {"float32,float32->float32", MDG_K_add_f32},
};
MDG_RULE(add, 2, 2, 1, add, lower_add);

static const mdg_variant sub[] = {
    {"int8,int8->int8", MDG_K_sub_s8},
    {"int16,int16->int16", MDG_K_sub_s16},
    {"int32,int32->int32", MDG_K_sub_s32},
    {"float32,float32->float32", MDG_K_sub_f32},
};
MDG_RULE(sub, 2, 2, 1, sub, lower_sub);

static const mdg_variant mul[] = {
    {"int8,int8->int8", MDG_K_mul_s8},
    {"int16,int16->int16", MDG_K_mul_s16},
    {"int32,int32->int32", MDG_K_mul_s32},
    {"float32,float32->float32", MDG_K_mul_f32},
};
MDG_RULE(mul, 2, 2, 1, mul, lower_mul);

static const mdg_variant division[] = {
    {"int8,int8->int8", MDG_K_div_s8},
    {"int32,int32->int32", MDG_K_div_s32},
    {"float32,float32->float32", MDG_K_div_f32},
};
MDG_RULE(div, 2, 2, 1, division, lower_div);

static const mdg_variant squared_difference[] = {
    {"int8,int8->int8", MDG_K_squared_difference_s8},
    {"int16,int16->int16", MDG_K_squared_difference_s16},
    {"int32,int32->int32", MDG_K_squared_difference_s32},
    {"float32,float32->float32", MDG_K_squared_difference_f32},
};
MDG_RULE(squared_difference, 2, 2, 1, squared_difference, lower_squared_difference);

static const mdg_variant add_n[] = {
    {"int8*->int8", MDG_K_add_n_s8},
    {"float32*->float32", MDG_K_add_n_f32},
};
MDG_RULE(add_n, 2, -1, 1, add_n, lower_add_n);

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

static const mdg_variant floor_div[] = {{"float32,float32->float32", MDG_K_floor_div_f32}};
MDG_RULE(floor_div, 2, 2, 1, floor_div, mdg_lower_broadcast);

static const mdg_variant floor_mod[] = {{"float32,float32->float32", MDG_K_floor_mod_f32}};
MDG_RULE(floor_mod, 2, 2, 1, floor_mod, mdg_lower_broadcast);
