/* SPDX-License-Identifier: MIT
 *
 * QUANTIZE, DEQUANTIZE: to and from quantised numbers, and from one scale to another.
 */
#include "lower/lower.h"

static mdg_status lower_affine(mdg_lowering *lo, const mdg_tensor *quantised) {
    MDG_TRY(mdg_lo_need_scale(lo, quantised));
    mdg_affine_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(quantised);
    p->scale = mdg_lo_scale(quantised);
    p->zero = mdg_lo_zero(quantised);
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_quantize(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    if (x->type == MDG_FLOAT32) return lower_affine(lo, y);
    mdg_requantize_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_requantize(lo, p, false));
    mdg_lo_type_range(y->type, &p->act_min, &p->act_max);
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static mdg_status lower_dequantize(mdg_lowering *lo) {
    MDG_TRY(mdg_lo_need_same_elements(lo, mdg_lo_input(lo, 0), mdg_lo_output(lo, 0)));
    return lower_affine(lo, mdg_lo_input(lo, 0));
}

static const mdg_variant quantize[] = {
    {"float32->int8", MDG_K_quantize_f32_s8},   {"float32->int16", MDG_K_quantize_f32_s16},
    {"int8->int8", MDG_K_requantize_s8_s8},     {"int8->uint8", MDG_K_requantize_s8_u8},
    {"int8->int16", MDG_K_requantize_s8_s16},   {"int8->int32", MDG_K_requantize_s8_s32},
    {"uint8->int8", MDG_K_requantize_u8_s8},    {"int16->int8", MDG_K_requantize_s16_s8},
    {"int16->int16", MDG_K_requantize_s16_s16}, {"int16->int32", MDG_K_requantize_s16_s32},
    {"int32->int8", MDG_K_requantize_s32_s8},   {"int32->int16", MDG_K_requantize_s32_s16},
};
MDG_RULE(quantize, 1, 1, 1, quantize, lower_quantize);

static const mdg_variant dequantize[] = {
    {"int8->float32", MDG_K_dequantize_s8_f32},
    {"uint8->float32", MDG_K_dequantize_u8_f32},
    {"int16->float32", MDG_K_dequantize_s16_f32},
};
MDG_RULE(dequantize, 1, 1, 1, dequantize, lower_dequantize);
