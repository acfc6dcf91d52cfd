/* SPDX-License-Identifier: MIT
 *
 * Linear and logistic models as FULLY_CONNECTED with int8 weights, one scale for all, and SOFTMAX.
 */
#include <math.h>

#include "classic/heads.h"

static mdg_range_seen outputs_seen(const mdg_linear *l, const mdg_examples *e, mdg_arena *arena) {
    mdg_range_seen range = {0, 0};
    double *y = mdg_arena_array(arena, (size_t)l->n_outputs, sizeof *y);
    for (int i = 0; i < e->n; i++) {
        const int8_t *x = mdg_example(e, i);
        for (int k = 0; k < l->n_outputs; k++) {
            y[k] = l->bias[k];
            for (int j = 0; j < l->n_features; j++) y[k] += l->weight[k * l->n_features + j] * x[j];
        }
        mdg_see(&range, y, l->n_outputs);
    }
    return range;
}

/* x_scale: of the input; weights are per step of it, so that it cancels but in the file's scales */
mdg_status mdg_build_linear(mdg_builder *b, const mdg_linear *l, const mdg_examples *e, float x_scale) {
    const int count = l->n_outputs * l->n_features;
    int8_t *w = mdg_arena_array(b->graph->arena, (size_t)count, sizeof *w);
    int32_t *bias = mdg_arena_array(b->graph->arena, (size_t)l->n_outputs, sizeof *bias);
    double most = 1e-9;
    for (int i = 0; i < count; i++) most = fmax(most, fabs(l->weight[i]));
    const double step = most / INT8_MAX;
    for (int i = 0; i < count; i++) w[i] = (int8_t)lrint(l->weight[i] / step);
    for (int k = 0; k < l->n_outputs; k++)
        bias[k] = (int32_t)lrint(fmax(-(1 << 30), fmin(1 << 30, l->bias[k] / step)));
    const mdg_range_seen range = outputs_seen(l, e, b->graph->arena);
    mdg_builder_op op = mdg_logits_op(MDG_OP_FULLY_CONNECTED, l->n_outputs, &range);
    op.n_constants = 2;
    op.constants[0] = mdg_builder_table(b, "weights", MDG_INT8, w, l->n_outputs, l->n_features);
    op.constants[1] = mdg_builder_list(b, "bias", MDG_INT32, bias, l->n_outputs);
    const float w_scale = (float)(step / (double)x_scale);
    mdg_tensor_quantize(b->graph, &b->sub->tensors[op.constants[0]], w_scale, 0);
    mdg_tensor_quantize(b->graph, &b->sub->tensors[op.constants[1]], (float)step, 0);
    mdg_builder_add(b, &op);
    mdg_build_softmax(b, l->n_outputs);
    return MDG_OK;
}
