/* SPDX-License-Identifier: MIT
 *
 * RELU, RELU6.
 */
#include "lower/lower.h"

/* int8 RELU may change the scale; float RELU lets infinity pass. */
static mdg_status lower_relu(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (x->type == MDG_FLOAT32) {
        mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
        p->count = mdg_lo_elements(x);
        mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
        return MDG_OK;
    }
    mdg_requantize_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_requantize(lo, p));
    MDG_TRY(mdg_lo_activation(lo, MDG_ACT_RELU, y, &p->act_min, &p->act_max));
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

/* RELU6 keeps the input's numbers, whatever scale the output states, as TFLM does. */
static mdg_status lower_relu6(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    if (x->type == MDG_FLOAT32) {
        mdg_clamp_f32_params *p = mdg_lo_params(lo, sizeof *p);
        *p = (mdg_clamp_f32_params){.count = mdg_lo_elements(x), .min = 0.0f, .max = 6.0f};
        mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
        return MDG_OK;
    }
    MDG_TRY(mdg_lo_need_scale(lo, x));
    mdg_clamp_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    MDG_TRY(mdg_lo_activation(lo, MDG_ACT_RELU6, x, &p->min, &p->max));
    mdg_call_allow_inplace(lo->program, mdg_lo_call(lo, p), 0);
    return MDG_OK;
}

static const mdg_variant relu[] = {
    {"int8->int8", MDG_K_requantize_s8_s8},
    {"float32->float32", MDG_K_relu_f32},
};
MDG_RULE(relu, 1, 1, 1, relu, lower_relu);

static const mdg_variant relu6[] = {
    {"int8->int8", MDG_K_clamp_s8},
    {"float32->float32", MDG_K_clamp_f32},
};
MDG_RULE(relu6, 1, 1, 1, relu6, lower_relu6);
