/* SPDX-License-Identifier: MIT
 *
 * Operators that only change how a value is seen: no element moves.
 */
#include "onnx/importer.h"

static mdg_status define_reshaped(mdg_onx *in, const mdg_shape *shape) {
    const mdg_onx_value *x = mdg_onx_input(in, 0);
    mdg_onx_value y;
    if (!mdg_shape_is_sane(shape) || mdg_shape_elements(shape) != mdg_shape_elements(&x->view.shape))
        return mdg_onx_fail(in, MDG_INVALID, "its output has not as many elements as its input");
    MDG_TRY(mdg_onx_reshape(in, x, shape, &y));
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}

mdg_status mdg_onx_identity(mdg_onx *in) {
    mdg_onx_define(in, 0, mdg_onx_input(in, 0));
    return MDG_OK;
}

mdg_status mdg_onx_dropout(mdg_onx *in) {
    const mdg_onx_value *training = mdg_onx_input(in, 2);
    MDG_TRY(mdg_onx_need(in,
                         !training || (mdg_onx_is_constant(training) && training->type == MDG_BOOL &&
                                       mdg_shape_elements(&training->view.shape) == 1 &&
                                       *(const uint8_t *)training->data == 0),
                         "it is exported in training mode; export for inference"));
    return mdg_onx_identity(in);
}

mdg_status mdg_onx_cast(mdg_onx *in) {
    mdg_type type;
    MDG_TRY(mdg_onx_read_type(in, (int32_t)mdg_onx_attr_int(in, "to", 0), "output", &type));
    MDG_TRY(mdg_onx_need(in, type == mdg_onx_input(in, 0)->type,
                         "casts between types are supported in shapes only"));
    return mdg_onx_identity(in);
}

/* 0 keeps a dimension, -1 takes what is left. */
mdg_status mdg_onx_reshape_node(mdg_onx *in) {
    const mdg_shape *x = &mdg_onx_input(in, 0)->view.shape;
    const bool keeps_zero = mdg_onx_attr_int(in, "allowzero", 0) == 0;
    int64_t dims[MDG_MAX_RANK], known = 1;
    int n, open = -1;
    MDG_TRY(mdg_onx_ints(in, "shape", 1, MDG_MAX_RANK, dims, &n));
    MDG_TRY(mdg_onx_need(in, n >= 0, "it has no shape"));
    mdg_shape y = {.rank = n};
    for (int d = 0; d < n; d++) {
        if (dims[d] == 0 && keeps_zero && d < x->rank) dims[d] = x->dim[d];
        if (dims[d] == -1 && open < 0) {
            open = d;
            continue;
        }
        MDG_TRY(
            mdg_onx_need(in, dims[d] > 0 && dims[d] <= INT32_MAX / known, "its shape has a wrong dimension"));
        known *= dims[d];
        y.dim[d] = (int32_t)dims[d];
    }
    if (open >= 0) y.dim[open] = (int32_t)(mdg_shape_elements(x) / known);
    return define_reshaped(in, &y);
}

mdg_status mdg_onx_flatten(mdg_onx *in) {
    const mdg_shape *x = &mdg_onx_input(in, 0)->view.shape;
    const int64_t axis = mdg_onx_attr_int(in, "axis", 1);
    mdg_shape y = {.rank = 2, .dim = {1, 1}};
    MDG_TRY(mdg_onx_need(in, axis >= -x->rank && axis <= x->rank, "its axis is out of range"));
    for (int d = 0; d < x->rank; d++) y.dim[d >= (axis < 0 ? axis + x->rank : axis)] *= x->dim[d];
    return define_reshaped(in, &y);
}

/* Marks the axes of Squeeze and Unsqueeze among `rank` dimensions. */
static mdg_status read_axes(mdg_onx *in, int rank, bool *marked, int *count) {
    int64_t axes[MDG_MAX_RANK];
    MDG_TRY(mdg_onx_ints(in, "axes", 1, MDG_MAX_RANK, axes, count));
    for (int i = 0; i < *count; i++) {
        int axis;
        MDG_TRY(mdg_onx_axis(in, axes[i], rank, &axis));
        MDG_TRY(mdg_onx_need(in, !marked[axis], "an axis is named twice"));
        marked[axis] = true;
    }
    return MDG_OK;
}

mdg_status mdg_onx_squeeze(mdg_onx *in) {
    const mdg_shape *x = &mdg_onx_input(in, 0)->view.shape;
    bool marked[MDG_MAX_RANK] = {false};
    int n;
    MDG_TRY(read_axes(in, x->rank, marked, &n));
    mdg_shape y = {.rank = 0};
    for (int d = 0; d < x->rank; d++) {
        if (n < 0) marked[d] = x->dim[d] == 1;
        MDG_TRY(mdg_onx_need(in, !marked[d] || x->dim[d] == 1, "it squeezes a dimension that is not 1"));
        if (!marked[d]) y.dim[y.rank++] = x->dim[d];
    }
    return define_reshaped(in, &y);
}

mdg_status mdg_onx_unsqueeze(mdg_onx *in) {
    const mdg_shape *x = &mdg_onx_input(in, 0)->view.shape;
    bool marked[MDG_MAX_RANK] = {false};
    int64_t axes[MDG_MAX_RANK];
    int n, from = 0;
    MDG_TRY(mdg_onx_ints(in, "axes", 1, MDG_MAX_RANK, axes, &n));
    MDG_TRY(mdg_onx_need(in, n >= 0 && x->rank + n <= MDG_MAX_RANK, "its axes are missing or too many"));
    mdg_shape y = {.rank = x->rank + n};
    MDG_TRY(read_axes(in, y.rank, marked, &n));
    for (int d = 0; d < y.rank; d++) y.dim[d] = marked[d] ? 1 : x->dim[from++];
    return define_reshaped(in, &y);
}

mdg_status mdg_onx_transpose_node(mdg_onx *in) {
    const mdg_onx_value *x = mdg_onx_input(in, 0);
    const int rank = x->view.shape.rank;
    int64_t order[MDG_MAX_RANK];
    int perm[MDG_MAX_RANK], n;
    bool seen[MDG_MAX_RANK] = {false};
    MDG_TRY(mdg_onx_ints(in, "perm", -1, MDG_MAX_RANK, order, &n));
    MDG_TRY(mdg_onx_need(in, n < 0 || n == rank, "its order has not as many axes as its input"));
    for (int d = 0; d < rank; d++) {
        MDG_TRY(mdg_onx_axis(in, n < 0 ? rank - 1 - d : order[d], rank, &perm[d]));
        MDG_TRY(mdg_onx_need(in, !seen[perm[d]], "its order names an axis twice"));
        seen[perm[d]] = true;
    }
    mdg_onx_value y;
    MDG_TRY(mdg_onx_transpose(in, x, perm, &y));
    mdg_onx_define(in, 0, &y);
    return MDG_OK;
}
