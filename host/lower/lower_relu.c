/* SPDX-License-Identifier: MIT
 *
 * RELU, RELU6, LEAKY_RELU, PRELU.
 */
#include "lower/lower.h"

static mdg_status lower_unary(mdg_lowering *lo) {
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(mdg_lo_input(lo, 0));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* Integer RELU may change the scale; float RELU lets infinity pass. */
static mdg_status lower_relu(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (x->type == MDG_FLOAT32) return lower_unary(lo);
    mdg_requantize_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_requantize(lo, p, true));
    MDG_TRY(mdg_lo_activation(lo, MDG_ACT_RELU, y, &p->act_min, &p->act_max));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* RELU6 keeps the input's numbers, whatever scale the output states, as TFLM does. */
static mdg_status lower_relu6(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    if (x->type == MDG_FLOAT32) {
        mdg_clamp_f32_params *p = mdg_lo_params(lo, sizeof *p);
        *p = (mdg_clamp_f32_params){.count = mdg_lo_elements(x), .min = 0.0f, .max = 6.0f};
        mdg_lo_call_elementwise(lo, p);
        return MDG_OK;
    }
    MDG_TRY(mdg_lo_need_scale(lo, x));
    mdg_clamp_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    MDG_TRY(mdg_lo_activation(lo, MDG_ACT_RELU6, x, &p->min, &p->max));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_leaky_relu_f32(mdg_lowering *lo, float alpha) {
    mdg_leaky_relu_f32_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_leaky_relu_f32_params){.count = mdg_lo_elements(mdg_lo_input(lo, 0)), .alpha = alpha};
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* Both factors come from float32; alpha may be negative. */
static mdg_status lower_leaky_relu(mdg_lowering *lo) {
    const mdg_leaky_relu_attrs *o = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (x->type == MDG_FLOAT32) return lower_leaky_relu_f32(lo, o->alpha);
    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    mdg_leaky_relu_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    p->in_zero = mdg_lo_zero(x), p->out_zero = mdg_lo_zero(y);
    const float slope = mdg_lo_scale(x) * o->alpha / mdg_lo_scale(y);
    MDG_TRY(mdg_lo_multiplier(lo, (double)(mdg_lo_scale(x) / mdg_lo_scale(y)), &p->mult, &p->shift));
    MDG_TRY(mdg_lo_multiplier(lo, (double)(slope < 0 ? -slope : slope), &p->slope_mult, &p->slope_shift));
    if (slope < 0) p->slope_mult = -p->slope_mult;
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* Input 1, the slopes, is broadcast to input 0. */
static mdg_status lower_prelu(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *slope = mdg_lo_input(lo, 1), *y = mdg_lo_output(lo, 0);
    mdg_prelu_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_broadcast(lo, p));
    if (x->type != MDG_FLOAT32) {
        MDG_TRY(mdg_lo_need_scale(lo, x));
        MDG_TRY(mdg_lo_need_scale(lo, slope));
        MDG_TRY(mdg_lo_need_scale(lo, y));
        p->a_zero = mdg_lo_zero(x), p->b_zero = mdg_lo_zero(slope), p->out_zero = mdg_lo_zero(y);
        const double in = (double)mdg_lo_scale(x), out = (double)mdg_lo_scale(y);
        MDG_TRY(mdg_lo_multiplier(lo, in / out, &p->mult, &p->shift));
        MDG_TRY(
            mdg_lo_multiplier(lo, in * (double)mdg_lo_scale(slope) / out, &p->slope_mult, &p->slope_shift));
    }
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static const mdg_variant relu[] = {
    {"int8->int8", MDG_K_requantize_s8_s8},
    {"int16->int16", MDG_K_requantize_s16_s16},
    {"float32->float32", MDG_K_relu_f32},
};
MDG_RULE(relu, 1, 1, 1, relu, lower_relu);

static const mdg_variant relu6[] = {
    {"int8->int8", MDG_K_clamp_s8},
    {"int16->int16", MDG_K_clamp_s16},
    {"float32->float32", MDG_K_clamp_f32},
};
MDG_RULE(relu6, 1, 1, 1, relu6, lower_relu6);

static const mdg_variant leaky_relu[] = {
    {"int8->int8", MDG_K_leaky_relu_s8},
    {"int16->int16", MDG_K_leaky_relu_s16},
    {"float32->float32", MDG_K_leaky_relu_f32},
};
MDG_RULE(leaky_relu, 1, 1, 1, leaky_relu, lower_leaky_relu);

static const mdg_variant prelu[] = {
    {"int8,int8->int8", MDG_K_prelu_s8},
    {"int16,int8->int16", MDG_K_prelu_s16},
    {"float32,float32->float32", MDG_K_prelu_f32},
};
MDG_RULE(prelu, 2, 2, 1, prelu, lower_prelu);
