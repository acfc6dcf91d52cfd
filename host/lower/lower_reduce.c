/* SPDX-License-Identifier: MIT
 *
 * MEAN, SUM, REDUCE_MAX, REDUCE_MIN, REDUCE_ALL.
 */
#include "lower/lower.h"

/* TFLM folds 1/inputs into the multiplier: (mult << s) / inputs, s = floor(log2 inputs), no more than the
 * shift allows. */
static void fold_count(mdg_reduce_params *p) {
    int s = 0;
    while (s < 31 && p->inputs >> (s + 1)) s++;
    if (s > 31 + p->shift) s = 31 + p->shift;
    p->mult = (int32_t)(((int64_t)p->mult << s) / p->inputs);
    p->shift -= s;
}

static mdg_status call(mdg_lowering *lo, const void *params) {
    mdg_call *c = mdg_lo_call_kernel(lo, lo->kernel, params);
    mdg_call_add_in(c, mdg_lo_input_buffer(lo, 0));
    mdg_call_add_out(c, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

/* The most elements whose differences from the zero point a 32-bit sum holds. TFLM's int16 sums wrap around.
 */
static int32_t max_inputs(mdg_type type) {
    return type == MDG_INT8 ? 1 << 23 : 1 << 28;
}

static mdg_status quantized(const mdg_lowering *lo, mdg_reduce_params *p) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    if (p->inputs > max_inputs(x->type))
        return mdg_lo_fail(lo, MDG_INVALID, "more than %d elements overflow the sum",
                           (int)max_inputs(x->type));
    p->in_zero = mdg_lo_zero(x);
    p->out_zero = mdg_lo_zero(y);
    return mdg_lo_multiplier(lo, (double)mdg_lo_scale(x) / (double)mdg_lo_scale(y), &p->mult, &p->shift);
}

static mdg_status lower_mean(mdg_lowering *lo) {
    mdg_reduce_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_reduce(lo, p));
    if (mdg_lo_input(lo, 0)->type != MDG_FLOAT32) {
        MDG_TRY(quantized(lo, p));
        fold_count(p);
    }
    return call(lo, p);
}

static mdg_status lower_quantized_sum(mdg_lowering *lo) {
    mdg_reduce_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_reduce(lo, p));
    MDG_TRY(quantized(lo, p));
    return call(lo, p);
}

static mdg_status lower_plain(mdg_lowering *lo) {
    mdg_reduce_shape_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(mdg_lo_reduce(lo, p));
    return call(lo, p);
}

static mdg_status lower_sum(mdg_lowering *lo) {
    return mdg_lo_input(lo, 0)->type == MDG_FLOAT32 ? lower_plain(lo) : lower_quantized_sum(lo);
}

/* Numbers of one scale compare as what they stand for. */
static mdg_status lower_extreme(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    if (x->type == MDG_INT8) MDG_TRY(mdg_lo_need_same_scale(lo, x, mdg_lo_output(lo, 0)));
    return lower_plain(lo);
}

static const mdg_variant mean[] = {
    {"int8,int32->int8", MDG_K_mean_s8},
    {"int16,int32->int16", MDG_K_mean_s16},
    {"float32,int32->float32", MDG_K_mean_f32},
};
MDG_RULE(mean, 2, 2, 1, mean, lower_mean);

static const mdg_variant sum[] = {
    {"int8,int32->int8", MDG_K_mean_s8},
    {"int16,int32->int16", MDG_K_mean_s16},
    {"float32,int32->float32", MDG_K_sum_f32},
};
MDG_RULE(sum, 2, 2, 1, sum, lower_sum);

static const mdg_variant reduce_max[] = {
    {"int8,int32->int8", MDG_K_reduce_max_s8},
    {"float32,int32->float32", MDG_K_reduce_max_f32},
};
MDG_RULE(reduce_max, 2, 2, 1, reduce_max, lower_extreme);

static const mdg_variant reduce_min[] = {
    {"int8,int32->int8", MDG_K_reduce_min_s8},
    {"float32,int32->float32", MDG_K_reduce_min_f32},
};
MDG_RULE(reduce_min, 2, 2, 1, reduce_min, lower_extreme);

static const mdg_variant reduce_all[] = {{"bool,int32->bool", MDG_K_reduce_all}};
MDG_RULE(reduce_all, 2, 2, 1, reduce_all, lower_plain);
