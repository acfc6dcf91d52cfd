/* SPDX-License-Identifier: MIT */
#include "onnx/importer.h"

/* The view with the axis last; before operator set 13 the axis and all behind it are one. */
static mdg_status bring_last(mdg_onx *in, const mdg_onx_value *x, mdg_onx_value *y) {
    const mdg_shape *s = &x->view.shape;
    const bool is_old = mdg_onx_attr_int(in, "opset", in->opset) < 13;
    int axis, perm[MDG_MAX_RANK], n = 0;
    MDG_TRY(mdg_onx_need(in, s->rank > 0, "its input has no dimension"));
    MDG_TRY(mdg_onx_axis(in, mdg_onx_attr_int(in, "axis", is_old && s->rank > 1 ? 1 : -1), s->rank, &axis));
    if (is_old) {
        mdg_shape two = {.rank = 2, .dim = {1, 1}};
        for (int d = 0; d < s->rank; d++) two.dim[d >= axis] *= s->dim[d];
        return mdg_onx_reshape(in, x, &two, y);
    }
    for (int d = 0; d < s->rank; d++)
        if (d != axis) perm[n++] = d;
    perm[n] = axis;
    return mdg_onx_transpose(in, x, perm, y);
}

/* The view of memory back in the order of x. */
static mdg_status bring_back(mdg_onx *in, const mdg_onx_value *x, const mdg_onx_value *rows,
                             mdg_onx_value *y) {
    const mdg_shape *s = &x->view.shape;
    const bool is_old = mdg_onx_attr_int(in, "opset", in->opset) < 13;
    int axis, perm[MDG_MAX_RANK];
    if (is_old) return mdg_onx_reshape(in, rows, s, y);
    MDG_TRY(mdg_onx_axis(in, mdg_onx_attr_int(in, "axis", -1), s->rank, &axis));
    for (int d = 0; d < s->rank; d++) perm[d] = d < axis ? d : d == axis ? s->rank - 1 : d - 1;
    return mdg_onx_transpose(in, rows, perm, y);
}

mdg_status mdg_onx_softmax(mdg_onx *in) {
    const mdg_quant fixed = mdg_onx_quant(in, 1 / 256.0f, -128);
    mdg_onx_value *x = mdg_onx_input(in, 0), real = *x, last, rows, back;
    mdg_onx_tail t = mdg_onx_tail_start(in);
    int tensor;
    const bool is_integer = mdg_onx_tail_quantize(in, &t, mdg_onx_is_integer(x));
    if (!is_integer) MDG_TRY(mdg_onx_real(in, x, &real));
    MDG_TRY(bring_last(in, &real, &last));
    MDG_TRY(mdg_onx_rows(in, &last, &rows, &tensor));
    MDG_TRY(bring_back(in, x, &rows, &back));
    const mdg_shape memory = in->sub->tensors[tensor].shape;
    const bool is_direct = !is_integer || mdg_onx_same_quant(&fixed, &t.quant);
    int y = is_direct ? mdg_onx_tail_finish(in, &t, &memory, &back.view)
                      : mdg_onx_add_tensor(in, x->name, MDG_INT8, &memory, &fixed);
    ((mdg_softmax_attrs *)mdg_onx_emit(in, MDG_OP_SOFTMAX, 1, &tensor, y)->attrs)->beta = 1;
    if (is_direct) return MDG_OK;
    tensor = y;
    y = mdg_onx_tail_finish(in, &t, &memory, &back.view);
    mdg_onx_emit(in, MDG_OP_QUANTIZE, 1, &tensor, y);
    return MDG_OK;
}
