/* SPDX-License-Identifier: MIT
 *
 * L2_NORMALIZATION.
 */
#include "lower/lower.h"

/* Squares of int8 differences that a 32-bit sum holds */
enum { MAX_DEPTH = 33000 };

static mdg_status lower(mdg_lowering *lo) {
    const mdg_l2_norm_attrs *a = lo->op->attrs;
    const mdg_tensor *x = mdg_lo_input(lo, 0);
    MDG_TRY(mdg_lo_need_rank(lo, x, 1, MDG_MAX_RANK));
    MDG_TRY(mdg_lo_need_same_shape(lo, x, mdg_lo_output(lo, 0)));
    if (a->activation != MDG_ACT_NONE)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "a fused activation is not supported");
    const int32_t depth = x->shape.dim[x->shape.rank - 1], rows = mdg_lo_elements(x) / depth;
    if (lo->kernel == MDG_K_l2_normalization_f32) {
        mdg_rows_params *p = mdg_lo_params(lo, sizeof *p);
        *p = (mdg_rows_params){.rows = rows, .depth = depth};
        mdg_lo_call(lo, p);
        return MDG_OK;
    }
    MDG_TRY(mdg_lo_need_scale(lo, x));
    if (depth > MAX_DEPTH)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "rows of more than %d overflow the sum", MAX_DEPTH);
    mdg_l2_normalization_params *p = mdg_lo_params(lo, sizeof *p);
    *p = (mdg_l2_normalization_params){.rows = rows, .depth = depth, .in_zero = mdg_lo_zero(x)};
    mdg_lo_call(lo, p);
    return MDG_OK;
}

static const mdg_variant variants[] = {
    {"int8->int8", MDG_K_l2_normalization_s8},
    {"float32->float32", MDG_K_l2_normalization_f32},
};
MDG_RULE(l2_normalization, 1, 1, 1, variants, lower);
