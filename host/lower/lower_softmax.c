/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX, LOG_SOFTMAX.
 */
#include "lower/lower.h"

#include <math.h>
#include <string.h>

/* Differences are Q5.26; a row's sum of Q12.19 fits 32 bits, that of LOG_SOFTMAX with a sign. */
enum { INTEGER_BITS = 5, MAX_DEPTH = 8191, MAX_LOG_DEPTH = 4095 };

static mdg_status lower_f32(mdg_lowering *lo, int32_t rows, int32_t depth) {
    const mdg_softmax_attrs *a = lo->op->attrs;
    mdg_softmax_f32_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_softmax_f32_params){.rows = rows, .depth = depth, .beta = a->beta};
    mdg_lo_call(lo, p);
    return MDG_OK;
}

/* The factor that brings input differences to Q5.26, and the difference from which on they no longer fit */
static mdg_status set_scaling(const mdg_lowering *lo, float beta, mdg_softmax_params *p) {
    const double wanted =
        (double)beta * (double)mdg_lo_scale(mdg_lo_input(lo, 0)) * (1 << (31 - INTEGER_BITS));
    const double largest = (double)(1LL << 31) - 1.0;
    const double real = wanted < largest ? wanted : largest;
    if (!(real > 1))
        return mdg_lo_fail(lo, MDG_INVALID, "beta %g and the input's scale are too small", (double)beta);
    int exponent;
    int64_t fixed = llround(frexp(real, &exponent) * (double)(1LL << 31));
    if (fixed == 1LL << 31) fixed /= 2, exponent++;
    p->mult = (int32_t)fixed;
    p->shift = exponent;
    const double radius =
        ((1 << INTEGER_BITS) - 1) * (double)(1LL << (31 - INTEGER_BITS)) / (double)(1LL << exponent);
    p->diff_min = -(int32_t)floor(radius);
    return MDG_OK;
}

static float one_over_one_plus(float x) {
    return 1.0f / (1.0f + x);
}

static mdg_status lower_s16(mdg_lowering *lo, mdg_softmax_params *p) {
    const mdg_softmax_attrs *a = lo->op->attrs;
    const double scale = (double)mdg_lo_scale(mdg_lo_input(lo, 0));
    MDG_TRY(mdg_lo_need(lo, p->depth < 1 << 16, "more than 65535 classes overflow the sum"));
    MDG_TRY(mdg_lo_multiplier(lo, scale * (double)a->beta / (10.0 / 65535.0), &p->mult, &p->shift));
    const float unit = 10.0f / 65535.0f;
    const int exp_table = mdg_lo_lookup_table_s16(lo, "exp", expf, unit * -65535.0f, 0.0f);
    const int reciprocal_table =
        mdg_lo_lookup_table_s16(lo, "reciprocal", one_over_one_plus, 0.0f, 1.0f / 65535.0f * 65535.0f);
    mdg_call *c = mdg_lo_call(lo, p);
    mdg_call_add_in(c, exp_table);
    mdg_call_add_in(c, reciprocal_table);
    return MDG_OK;
}

static mdg_status need_output(const mdg_lowering *lo, double scale, int32_t zero) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    if (fabs((double)mdg_lo_scale(y) - scale) <= 0.001 * scale && mdg_lo_zero(y) == zero) return MDG_OK;
    return mdg_lo_fail(lo, MDG_INVALID, "the output must have scale 1/%d and zero point %d", (int)(1 / scale),
                       (int)zero);
}

static mdg_status read_rows(const mdg_lowering *lo, int32_t *rows, int32_t *depth) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_same_shape(lo, x, y));
    *depth = x->shape.dim[x->shape.rank - 1];
    *rows = mdg_lo_elements(x) / *depth;
    return MDG_OK;
}

static mdg_status lower_softmax(mdg_lowering *lo) {
    const mdg_softmax_attrs *a = lo->op->attrs;
    int32_t rows, depth;
    MDG_TRY(read_rows(lo, &rows, &depth));
    if (lo->kernel == MDG_K_softmax_f32) return lower_f32(lo, rows, depth);

    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 0)));
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_output(lo, 0)));
    mdg_softmax_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_softmax_params){.rows = rows, .depth = depth};
    if (lo->kernel == MDG_K_softmax_s16) {
        MDG_TRY(need_output(lo, 1.0 / 32768, 0));
        return lower_s16(lo, p);
    }
    if (lo->kernel == MDG_K_softmax_s8_s16)
        MDG_TRY(need_output(lo, 1.0 / 65536, INT16_MIN));
    else
        MDG_TRY(need_output(lo, 1.0 / 256, INT8_MIN));
    MDG_TRY(mdg_lo_need(lo, depth <= MAX_DEPTH, "more than 8191 classes overflow the sum"));
    MDG_TRY(set_scaling(lo, a->beta, p));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant softmax[] = {
    {"int8->int8", MDG_K_softmax_s8},
    {"int8->int16", MDG_K_softmax_s8_s16},
    {"int16->int16", MDG_K_softmax_s16},
    {"float32->float32", MDG_K_softmax_f32},
};
MDG_RULE(softmax, 1, 1, 1, softmax, lower_softmax);

static mdg_status lower_log_softmax(mdg_lowering *lo) {
    int32_t rows, depth;
    MDG_TRY(read_rows(lo, &rows, &depth));
    if (lo->kernel == MDG_K_log_softmax_f32) {
        mdg_rows_params *p = mdg_lo_params(lo, sizeof *p);
        *p = (mdg_rows_params){.rows = rows, .depth = depth};
        mdg_lo_call(lo, p);
        return MDG_OK;
    }
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_input(lo, 0)));
    MDG_TRY(mdg_lo_need_scale(lo, mdg_lo_output(lo, 0)));
    MDG_TRY(need_output(lo, 1.0 / 16, INT8_MAX));
    MDG_TRY(mdg_lo_need(lo, depth <= MAX_LOG_DEPTH, "more than 4095 classes overflow the sum"));
    mdg_softmax_params scaling = {.rows = rows, .depth = depth};
    MDG_TRY(set_scaling(lo, 1.0f, &scaling));
    MDG_TRY(mdg_lo_need(lo, scaling.shift <= 30, "the input's scale is too large"));
    mdg_log_softmax_params *p = mdg_lo_params(lo, sizeof *p);
    memcpy(p, &scaling, sizeof scaling);
    const double inverse = ldexp(1.0, 31 - p->shift) / p->mult;
    MDG_TRY(mdg_lo_multiplier(lo, inverse, &p->inverse_mult, &p->inverse_shift));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant log_softmax[] = {
    {"int8->int8", MDG_K_log_softmax_s8},
    {"float32->float32", MDG_K_log_softmax_f32},
};
MDG_RULE(log_softmax, 1, 1, 1, log_softmax, lower_log_softmax);
