/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX.
 */
#include "lower/lower.h"

#include <math.h>

enum { INTEGER_BITS = 5, MAX_DEPTH = 8191 }; /* differences are Q5.26; a row's sum of Q12.19 fits 32 bits */

static mdg_status lower_f32(mdg_lowering *lo, int32_t rows, int32_t depth) {
    const mdg_softmax_attrs *a = lo->op->attrs;
    mdg_softmax_f32_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_softmax_f32_params){.rows = rows, .depth = depth, .beta = a->beta};
    mdg_lo_call(lo, p);
    return MDG_OK;
}

/* The factor that brings input differences to Q5.26, and the difference from which on they no longer fit */
static mdg_status set_scaling(const mdg_lowering *lo, mdg_softmax_params *p) {
    const mdg_softmax_attrs *a = lo->op->attrs;
    const double wanted =
        (double)a->beta * (double)mdg_lo_scale(mdg_lo_input(lo, 0)) * (1 << (31 - INTEGER_BITS));
    const double largest = (double)(1LL << 31) - 1.0;
    const double real = wanted < largest ? wanted : largest;
    if (!(real > 1))
        return mdg_lo_fail(lo, MDG_INVALID, "beta %g and the input's scale are too small", (double)a->beta);
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

static mdg_status lower(mdg_lowering *lo) {
    const mdg_tensor *x = mdg_lo_input(lo, 0), *y = mdg_lo_output(lo, 0);
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_same_shape(lo, x, y));
    const int32_t depth = x->shape.dim[x->shape.rank - 1], rows = mdg_lo_elements(x) / depth;
    if (x->type == MDG_FLOAT32) return lower_f32(lo, rows, depth);

    MDG_TRY(mdg_lo_need_scale(lo, x));
    MDG_TRY(mdg_lo_need_scale(lo, y));
    MDG_TRY(mdg_lo_need(lo, mdg_lo_scale(y) == 1.0f / 256 && mdg_lo_zero(y) == -128,
                        "the output must have scale 1/256 and zero point -128"));
    MDG_TRY(mdg_lo_need(lo, depth <= MAX_DEPTH, "more than 8191 classes overflow the sum"));
    mdg_softmax_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_softmax_params){.rows = rows, .depth = depth};
    MDG_TRY(set_scaling(lo, p));
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"int8->int8", MDG_K_softmax_s8},
    {"float32->float32", MDG_K_softmax_f32},
};
MDG_RULE(softmax, 1, 1, 1, variants, lower);
