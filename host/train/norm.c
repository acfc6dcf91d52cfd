/* SPDX-License-Identifier: MIT
 *
 * Batch norm: y = gamma * (z - mean) / sqrt(variance + epsilon) + beta, with the batch's statistics when
 * training and the running ones for inference. A ReLU behind it is computed in the same pass over memory.
 */
#include "train/shard.h"

static bool fuses_relu(const mdg_node *n) {
    return n->layer->spec.batch_norm && n->layer->spec.activation == MDG_ACTIVATION_RELU;
}

static unsigned flags_of(const mdg_node *n) {
    return dnnl_use_scaleshift | (fuses_relu(n) ? dnnl_fuse_norm_relu : 0u);
}

static dnnl_memory_desc_t scale_shift_desc(const mdg_node *n) {
    return mdg_dnn_desc(2, (const dnnl_dim_t[]){2, n->layer->out_c}, dnnl_ab);
}

static dnnl_memory_t scale_shift(mdg_shard *s, mdg_node *n, float *data) {
    const dnnl_memory_desc_t desc = scale_shift_desc(n);
    return mdg_dnn_memory(&s->dnn, &desc, data);
}

/* Means (which = 0) or variances (1) among an array of statistics. */
static dnnl_memory_t statistics(mdg_shard *s, mdg_node *n, float *array, int which) {
    const dnnl_memory_desc_t desc = mdg_dnn_vector(n->layer->out_c);
    return mdg_dnn_memory(&s->dnn, &desc, array + n->layer->statistics.at + which * n->layer->out_c);
}

static dnnl_primitive_desc_t describe(mdg_shard *s, mdg_node *n, dnnl_prop_kind_t kind,
                                      unsigned extra_flags) {
    const dnnl_memory_desc_t desc = mdg_value_desc(s, n->out);
    dnnl_batch_normalization_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_batch_normalization_forward_desc_init(&op, kind, &desc, MDG_NORM_EPSILON,
                                                             flags_of(n) | extra_flags),
                  "batch norm");
    return mdg_dnn_describe(&s->dnn, &op, NULL, "batch norm");
}

static void forward_training(mdg_shard *s, mdg_node *n) {
    n->norm = describe(s, n, dnnl_forward_training, 0);
    if (fuses_relu(n))
        n->norm_workspace =
            mdg_dnn_memory(&s->dnn, mdg_dnn_query(&s->dnn, n->norm, dnnl_query_workspace_md), NULL);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->out, n->z)},
        {DNNL_ARG_DST, mdg_value_memory(s, n->out, n->out->data)},
        {DNNL_ARG_SCALE_SHIFT, scale_shift(s, n, mdg_params_of(s, n->layer->norm))},
        {DNNL_ARG_MEAN, statistics(s, n, s->statistics, 0)},
        {DNNL_ARG_VARIANCE, statistics(s, n, s->statistics, 1)},
        {DNNL_ARG_WORKSPACE, n->norm_workspace},
    };
    mdg_task task = mdg_dnn_task(&s->dnn, n->norm, fuses_relu(n) ? 6 : 5, args);
    task.phase = MDG_PHASE_TRAIN;
    mdg_tasks_add(&s->dnn, &s->forward, task);
}

static void forward_inference(mdg_shard *s, mdg_node *n, mdg_phase phase) {
    dnnl_primitive_desc_t pd = describe(s, n, dnnl_forward_inference, dnnl_use_global_stats);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->out, n->z)},
        {DNNL_ARG_DST, mdg_value_memory(s, n->out, n->out->data)},
        {DNNL_ARG_SCALE_SHIFT, scale_shift(s, n, mdg_params_of(s, n->layer->norm))},
        {DNNL_ARG_MEAN, statistics(s, n, s->net->statistics, 0)},
        {DNNL_ARG_VARIANCE, statistics(s, n, s->net->statistics, 1)},
    };
    mdg_task task = mdg_dnn_task(&s->dnn, pd, 5, args);
    task.phase = phase;
    mdg_tasks_add(&s->dnn, &s->forward, task);
}

void mdg_norm_forward(mdg_shard *s, mdg_node *n) {
    if (!n->layer->spec.batch_norm) return;
    if (!n->layer->frozen) forward_training(s, n);
    forward_inference(s, n, n->layer->frozen ? MDG_PHASE_BOTH : MDG_PHASE_INFER);
}

void mdg_norm_backward(mdg_shard *s, mdg_node *n) {
    if (!n->layer->spec.batch_norm) return;
    const dnnl_memory_desc_t desc = mdg_value_desc(s, n->out);
    dnnl_batch_normalization_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_batch_normalization_backward_desc_init(&op, dnnl_backward, &desc, &desc,
                                                              MDG_NORM_EPSILON, flags_of(n)),
                  "batch norm's gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->norm, "batch norm's gradient");
    dnnl_memory_t diff = mdg_value_memory(s, n->out, n->out->diff);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->out, n->z)},
        {DNNL_ARG_DIFF_DST, diff},
        {DNNL_ARG_DIFF_SRC, diff},
        {DNNL_ARG_SCALE_SHIFT, scale_shift(s, n, mdg_params_of(s, n->layer->norm))},
        {DNNL_ARG_DIFF_SCALE_SHIFT, scale_shift(s, n, mdg_gradients_of(s, n->layer->norm))},
        {DNNL_ARG_MEAN, statistics(s, n, s->statistics, 0)},
        {DNNL_ARG_VARIANCE, statistics(s, n, s->statistics, 1)},
        {DNNL_ARG_WORKSPACE, n->norm_workspace},
    };
    mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_task(&s->dnn, pd, fuses_relu(n) ? 8 : 7, args));
}
