/* SPDX-License-Identifier: MIT
 *
 * Functions of one number that need no rescaling: ABS, NEG, SQUARE, SQRT, EXP, LOG, SIN, COS, FLOOR, CEIL,
 * ROUND, CAST. ABS on integers rescales.
 */
#include "lower/lower.h"

static mdg_status lower_plain(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, mdg_lo_output(lo, 0)));
    mdg_unary_params *p = mdg_lo_params(lo, sizeof *p);
    p->count = mdg_lo_elements(x);
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* Factor 1; the clamp lets 32768 pass, so that |-32768| wraps around as in TFLM. */
static const mdg_requantize_params plain_int16 = {
    .mult = 1 << 30, .shift = 1, .act_min = INT16_MIN, .act_max = INT16_MAX + 1};

static mdg_status lower_abs(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    if (x->type == MDG_FLOAT32) return lower_plain(lo);
    MDG_TRY(mdg_lo_need_same_elements(lo, x, y));
    mdg_requantize_params *p = mdg_lo_params(lo, sizeof *p);
    *p = plain_int16;
    p->count = mdg_lo_elements(x);
    if (x->type == MDG_INT8 || x->quant.count) {
        MDG_TRY(mdg_lo_requantize(lo, p, true));
        mdg_lo_type_range(y->type, &p->act_min, &p->act_max);
    }
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

/* To the same type, or one that differs in sign: nothing to do */
static mdg_status lower_cast(mdg_lowering *lo) {
    const mdg_type x = mdg_lo_input(lo, 0)->type, y = mdg_lo_output(lo, 0)->type;
    const bool same = x == y || (x == MDG_INT32 && y == MDG_UINT32) || (x == MDG_UINT32 && y == MDG_INT32);
    if (!same) return lower_plain(lo);
    MDG_TRY(mdg_lo_need_same_elements(lo, mdg_lo_input(lo, 0), mdg_lo_output(lo, 0)));
    mdg_lo_alias(lo, 0, 0);
    return MDG_OK;
}

#define FLOAT_RULE(name)                                                                                     \
    static const mdg_variant name##_variants[] = {{"float32->float32", MDG_K_##name##_f32}};                 \
    MDG_RULE(name, 1, 1, 1, name##_variants, lower_plain)

FLOAT_RULE(neg);
FLOAT_RULE(square);
FLOAT_RULE(sqrt);
FLOAT_RULE(exp);
FLOAT_RULE(log);
FLOAT_RULE(sin);
FLOAT_RULE(cos);
FLOAT_RULE(floor);
FLOAT_RULE(ceil);
FLOAT_RULE(round);

static const mdg_variant abs_variants[] = {
    {"int8->int8", MDG_K_abs_s8},
    {"int16->int16", MDG_K_abs_s16},
    {"float32->float32", MDG_K_abs_f32},
};
MDG_RULE(abs, 1, 1, 1, abs_variants, lower_abs);

/* Kernels of lines without a conversion are not called. */
static const mdg_variant cast[] = {
    {"int8->int8", MDG_K_copy},
    {"int16->int16", MDG_K_copy},
    {"int32->int32", MDG_K_copy},
    {"uint32->uint32", MDG_K_copy},
    {"int32->uint32", MDG_K_copy},
    {"uint32->int32", MDG_K_copy},
    {"float32->float32", MDG_K_copy},
    {"int8->int16", MDG_K_cast_s8_s16},
    {"int8->int32", MDG_K_cast_s8_s32},
    {"int8->uint32", MDG_K_cast_s8_s32},
    {"int8->float32", MDG_K_cast_s8_f32},
    {"int16->int8", MDG_K_cast_s16_s8},
    {"int16->int32", MDG_K_cast_s16_s32},
    {"int16->uint32", MDG_K_cast_s16_s32},
    {"int16->float32", MDG_K_cast_s16_f32},
    {"int32->int8", MDG_K_cast_s32_s8},
    {"int32->int16", MDG_K_cast_s32_s16},
    {"int32->float32", MDG_K_cast_s32_f32},
    {"uint32->int8", MDG_K_cast_s32_s8},
    {"uint32->int16", MDG_K_cast_s32_s16},
    {"uint32->float32", MDG_K_cast_u32_f32},
    {"bool->int8", MDG_K_cast_bool_s8},
    {"bool->int16", MDG_K_cast_bool_s16},
    {"bool->int32", MDG_K_cast_bool_s32},
    {"bool->uint32", MDG_K_cast_bool_s32},
    {"bool->float32", MDG_K_cast_bool_f32},
    {"float32->int8", MDG_K_cast_f32_s8},
    {"float32->int16", MDG_K_cast_f32_s16},
    {"float32->int32", MDG_K_cast_f32_s32},
    {"float32->uint32", MDG_K_cast_f32_u32},
};
MDG_RULE(cast, 1, 1, 1, cast, lower_cast);
