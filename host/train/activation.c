/* SPDX-License-Identifier: MIT
 *
 * ReLU and ReLU6, in place: y = min(max(y, 0), 6). The gradient passes where the result lies inside, so the
 * result is all that the backward pass needs. (ReLU behind batch norm is norm.c's.)
 */
#include "train/shard.h"

static bool is_separate(const mdg_node *n) {
    const mdg_activation a = n->layer->spec.activation;
    return a == MDG_ACTIVATION_RELU6 || (a == MDG_ACTIVATION_RELU && !n->layer->spec.batch_norm);
}

static dnnl_alg_kind_t algorithm(const mdg_node *n) {
    return n->layer->spec.activation == MDG_ACTIVATION_RELU6 ? dnnl_eltwise_clip_v2_use_dst_for_bwd
                                                             : dnnl_eltwise_relu_use_dst_for_bwd;
}

static float ceiling(const mdg_node *n) {
    return n->layer->spec.activation == MDG_ACTIVATION_RELU6 ? 6.0f : 0.0f;
}

void mdg_activation_forward(mdg_shard *s, mdg_node *n) {
    if (!is_separate(n)) return;
    const dnnl_memory_desc_t desc = mdg_value_desc(s, n->out);
    dnnl_eltwise_desc_t op;
    mdg_dnn_check(
        &s->dnn,
        dnnl_eltwise_forward_desc_init(&op, dnnl_forward_training, algorithm(n), &desc, 0.0f, ceiling(n)),
        "activation");
    n->activation = mdg_dnn_describe(&s->dnn, &op, NULL, "activation");
    dnnl_memory_t y = mdg_value_memory(s, n->out, n->out->data);
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_SRC, y}, {DNNL_ARG_DST, y}};
    mdg_tasks_add(&s->dnn, &s->forward, mdg_dnn_task(&s->dnn, n->activation, 2, args));
}

void mdg_activation_backward(mdg_shard *s, mdg_node *n) {
    if (!is_separate(n)) return;
    const dnnl_memory_desc_t desc = mdg_value_desc(s, n->out);
    dnnl_eltwise_desc_t op;
    mdg_dnn_check(&s->dnn, dnnl_eltwise_backward_desc_init(&op, algorithm(n), &desc, &desc, 0.0f, ceiling(n)),
                  "activation's gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->activation, "activation's gradient");
    dnnl_memory_t diff = mdg_value_memory(s, n->out, n->out->diff);
    const dnnl_exec_arg_t args[] = {{DNNL_ARG_DST, mdg_value_memory(s, n->out, n->out->data)},
                                    {DNNL_ARG_DIFF_DST, diff},
                                    {DNNL_ARG_DIFF_SRC, diff}};
    mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_task(&s->dnn, pd, 3, args));
}
