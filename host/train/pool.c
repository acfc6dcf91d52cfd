/* SPDX-License-Identifier: MIT
 *
 * Average, maximum and global average pooling. As in TFLite, padding does not count in an average.
 */
#include "train/shard.h"

typedef struct geometry {
    dnnl_alg_kind_t algorithm;
    dnnl_memory_desc_t x, y;
    dnnl_dims_t kernel, strides, before, behind;
} geometry;

static geometry geometry_of(const mdg_shard *s, const mdg_node *n) {
    const mdg_layer *l = n->layer;
    const bool global = l->spec.kind == MDG_LAYER_GLOBAL_AVERAGE_POOL;
    const bool max = l->spec.kind == MDG_LAYER_MAX_POOL;
    return (geometry){.algorithm = max ? dnnl_pooling_max : dnnl_pooling_avg_exclude_padding,
                      .x = mdg_value_desc(s, n->in),
                      .y = mdg_value_desc(s, n->out),
                      .kernel = {global ? l->in_h : l->spec.kernel_h, global ? l->in_w : l->spec.kernel_w},
                      .strides = {global ? 1 : l->spec.stride_h, global ? 1 : l->spec.stride_w},
                      .before = {l->pad_top, l->pad_left},
                      .behind = {l->pad_bottom, l->pad_right}};
}

void mdg_pool_forward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    const bool max = g.algorithm == dnnl_pooling_max;
    dnnl_pooling_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_pooling_forward_desc_init(&op, dnnl_forward_training, g.algorithm, &g.x, &g.y,
                                                 g.strides, g.kernel, g.before, g.behind),
                  "pooling");
    n->main = mdg_dnn_describe(&s->dnn, &op, NULL, "pooling");
    if (max)
        n->main_workspace =
            mdg_dnn_memory(&s->dnn, mdg_dnn_query(&s->dnn, n->main, dnnl_query_workspace_md), NULL);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->in, n->in->data)},
        {DNNL_ARG_DST, mdg_value_memory(s, n->out, n->out->data)},
        {DNNL_ARG_WORKSPACE, n->main_workspace},
    };
    mdg_tasks_add(&s->dnn, &s->forward, mdg_dnn_task(&s->dnn, n->main, max ? 3 : 2, args));
}

void mdg_pool_backward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    dnnl_pooling_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_pooling_backward_desc_init(&op, g.algorithm, &g.x, &g.y, g.strides, g.kernel, g.before,
                                                  g.behind),
                  "pooling's gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->main, "pooling's gradient");
    float *dx = mdg_gradient_borrow(s);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_DIFF_DST, mdg_value_memory(s, n->out, n->out->diff)},
        {DNNL_ARG_DIFF_SRC, mdg_value_memory(s, n->in, dx)},
        {DNNL_ARG_WORKSPACE, n->main_workspace},
    };
    mdg_tasks_add(&s->dnn, &s->backward,
                  mdg_dnn_task(&s->dnn, pd, g.algorithm == dnnl_pooling_max ? 3 : 2, args));
    mdg_gradient_give(s, n->in, dx);
    mdg_gradient_return(s, n->out->diff);
}
