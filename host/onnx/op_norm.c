/* SPDX-License-Identifier: MIT
 *
 * BatchNormalization that no convolution has taken in: a MUL and an ADD.
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
    mdg_onx_value factor = {.name = "scale",
                            .type = MDG_FLOAT32,
                            .stored = MDG_FLOAT32,
                            .view = mdg_onx_view_plain(&channels),
                            .data = scale};
    MDG_TRY(mdg_onx_binary(in, MDG_OP_MUL, &x, &factor, &none, &product));
    factor.data = shift;
    mdg_onx_tail_activation(in, &t);
    MDG_TRY(mdg_onx_binary(in, MDG_OP_ADD, &product, &factor, &t, &y));
    mdg_onx_tail_define(in, &t, &y);
    return MDG_OK;
}
