/* SPDX-License-Identifier: MIT
 *
 * SELECT_V2: three inputs, broadcast to the output.
 */
#include "lower/lower.h"

/* The stride along dimension d of the output's shape in an input that is repeated along it, or not */
static mdg_status set_strides(const mdg_lowering *lo, const mdg_tensor *t, int32_t stride[MDG_MAX_RANK]) {
    const mdg_shape *y = &mdg_lo_output(lo, 0)->shape;
    const int missing = y->rank - t->shape.rank;
    int32_t step = 1;
    MDG_TRY(mdg_lo_need_rank(lo, t, 0, y->rank));
    for (int d = t->shape.rank - 1; d >= 0; d--) {
        const int32_t n = t->shape.dim[d];
        if (n != 1 && n != y->dim[missing + d])
            return mdg_lo_fail(lo, MDG_INVALID, "\"%s\" cannot be broadcast: %d against %d in dimension %d",
                               t->name, (int)n, (int)y->dim[missing + d], d);
        stride[missing + d] = n == 1 ? 0 : step;
        step *= n;
    }
    return MDG_OK;
}

static mdg_status lower_select(mdg_lowering *lo) {
    const mdg_tensor *y = mdg_lo_output(lo, 0);
    mdg_select_params *p = mdg_lo_params(lo, sizeof *p);
    p->rank = y->shape.rank > 0 ? y->shape.rank : 1;
    for (int d = 0; d < MDG_MAX_RANK; d++) p->dim[d] = d < y->shape.rank ? y->shape.dim[d] : 1;
    MDG_TRY(set_strides(lo, mdg_lo_input(lo, 0), p->condition_stride));
    MDG_TRY(set_strides(lo, mdg_lo_input(lo, 1), p->a_stride));
    MDG_TRY(set_strides(lo, mdg_lo_input(lo, 2), p->b_stride));
    mdg_lo_call_elementwise(lo, p);
    return MDG_OK;
}

static const mdg_variant select_v2[] = {
    {"bool,int8,int8->int8", MDG_K_select_8},     {"bool,uint8,uint8->uint8", MDG_K_select_8},
    {"bool,bool,bool->bool", MDG_K_select_8},     {"bool,int16,int16->int16", MDG_K_select_16},
    {"bool,int32,int32->int32", MDG_K_select_32}, {"bool,uint32,uint32->uint32", MDG_K_select_32},
    {"bool,int64,int64->int64", MDG_K_select_64}, {"bool,float32,float32->float32", MDG_K_select_32},
};
MDG_RULE(select_v2, 3, 3, 1, select_v2, lower_select);
