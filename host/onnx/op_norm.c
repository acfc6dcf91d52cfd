/* SPDX-License-Identifier: MIT
 *
 * BatchNormalization: part of the convolution or dense layer before it, else a MUL and an ADD.
 */
#include "onnx/importer.h"

#include <math.h>

mdg_status mdg_onx_batch_norm(mdg_onx *in, const mdg_onx_node *n, int channels, float **scale,
                              float **shift) {
    const float *p[4]; /* scale, bias, mean, variance */
    const Onnx__AttributeProto *epsilon = mdg_onx_attr(n, "epsilon"),
                               *training = mdg_onx_attr(n, "training_mode");
    MDG_TRY(mdg_onx_need(in, !training || training->i == 0,
                         "its BatchNormalization is in training mode; export for inference"));
    for (int k = 0; k < 4; k++) {
        MDG_TRY(mdg_onx_need(in, n->inputs[k + 1] >= 0, "its BatchNormalization lacks an input"));
        mdg_onx_value *v = &in->values[n->inputs[k + 1]];
        MDG_TRY(mdg_onx_need(
            in, v->is_known && mdg_onx_is_constant(v) && mdg_shape_elements(&v->view.shape) == channels,
            "its BatchNormalization's inputs are no constants of its channels"));
        MDG_TRY(mdg_onx_constant_floats(in, v, &p[k]));
    }
    MDG_TRY(mdg_onx_alloc(in, (size_t)channels, sizeof **scale, (void **)scale));
    MDG_TRY(mdg_onx_alloc(in, (size_t)channels, sizeof **shift, (void **)shift));
    const double e = epsilon && epsilon->has_f ? (double)epsilon->f : 1e-5;
    for (int c = 0; c < channels; c++) {
        const double s = (double)p[0][c] / sqrt((double)p[3][c] + e);
        (*scale)[c] = (float)s;
        (*shift)[c] = (float)((double)p[1][c] - (double)p[2][c] * s);
    }
    return MDG_OK;
}

static mdg_onx_value floats(const char *name, const mdg_shape *shape, const float *values) {
    return (mdg_onx_value){.name = name,
                           .is_known = true,
                           .type = MDG_FLOAT32,
                           .stored = MDG_FLOAT32,
                           .view = mdg_onx_view_plain(shape),
                           .data = values,
                           .tensor = -1,
                           .real = -1};
}

mdg_status mdg_onx_fold_norm(mdg_onx *in, const mdg_onx_node *norm, int axis, mdg_onx_value *w,
                             mdg_onx_value **bias, mdg_onx_value *folded) {
    const mdg_shape *s = &w->view.shape;
    const int64_t n = s->dim[axis], all = mdg_shape_elements(s);
    const float *from, *b;
    float *scale, *shift, *scaled;
    int64_t inner = 1;
    for (int d = axis + 1; d < s->rank; d++) inner *= s->dim[d];
    MDG_TRY(mdg_onx_batch_norm(in, norm, (int)n, &scale, &shift));
    MDG_TRY(mdg_onx_constant_floats(in, w, &from));
    MDG_TRY(mdg_onx_alloc(in, (size_t)all, sizeof *scaled, (void **)&scaled));
    for (int64_t i = 0; i < all; i++) scaled[i] = from[i] * scale[i / inner % n];
    if (*bias) {
        const int64_t have = mdg_shape_elements(&(*bias)->view.shape);
        MDG_TRY(mdg_onx_need(in, have == 1 || have == n, "its bias has a wrong size"));
        MDG_TRY(mdg_onx_constant_floats(in, *bias, &b));
        for (int64_t i = 0; i < n; i++) shift[i] += b[have == 1 ? 0 : i] * scale[i];
    }
    const mdg_shape shape = mdg_shape_of(1, (int)n);
    *folded = floats(in->values[norm->inputs[2]].name, &shape, shift);
    *w = floats(w->name, s, scaled);
    *bias = folded;
    return MDG_OK;
}

mdg_status mdg_onx_batch_normalization(mdg_onx *in) {
    mdg_onx_value x, product, y;
    mdg_onx_tail none = mdg_onx_tail_start(in), t = none;
    float *scale, *shift;
    MDG_TRY(mdg_onx_real(in, mdg_onx_input(in, 0), &x));
    const mdg_shape *s = &x.view.shape;
    MDG_TRY(mdg_onx_need(in, s->rank >= 2, "its input has no channels"));
    MDG_TRY(mdg_onx_batch_norm(in, in->node, s->dim[1], &scale, &shift));
    mdg_shape channels = {.rank = s->rank};
    for (int d = 0; d < s->rank; d++) channels.dim[d] = d == 1 ? s->dim[1] : 1;
    mdg_onx_value factor = floats("scale", &channels, scale);
    MDG_TRY(mdg_onx_binary(in, MDG_OP_MUL, &x, &factor, &none, &product));
    factor.data = shift;
    mdg_onx_tail_activation(in, &t);
    MDG_TRY(mdg_onx_binary(in, MDG_OP_ADD, &product, &factor, &t, &y));
    mdg_onx_tail_define(in, &t, &y);
    return MDG_OK;
}
