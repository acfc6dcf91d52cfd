/* SPDX-License-Identifier: MIT
 *
 * Convolution and depthwise convolution (to oneDNN: a convolution of in_c groups, multiplier outputs in
 * each).
 */
#include "train/shard.h"

typedef struct geometry {
    dnnl_memory_desc_t x, y, bias;
    dnnl_memory_desc_t weights; /* in TFLite's order */
    dnnl_memory_desc_t any;     /* the same in whatever layout the primitive likes */
    dnnl_dims_t strides, before, behind;
} geometry;

static dnnl_memory_desc_t weights_desc(const mdg_layer *l, dnnl_format_tag_t grouped,
                                       dnnl_format_tag_t plain) {
    const dnnl_dim_t kh = l->spec.kernel_h, kw = l->spec.kernel_w;
    if (l->spec.kind == MDG_LAYER_DEPTHWISE_CONV2D)
        return mdg_dnn_desc(5, (const dnnl_dim_t[]){l->in_c, l->spec.filters, 1, kh, kw}, grouped);
    return mdg_dnn_desc(4, (const dnnl_dim_t[]){l->out_c, l->in_c, kh, kw}, plain);
}

static geometry geometry_of(const mdg_shard *s, const mdg_node *n) {
    const mdg_layer *l = n->layer;
    return (geometry){.x = mdg_value_desc(s, n->in),
                      .y = mdg_value_desc(s, n->out),
                      .bias = mdg_dnn_vector(l->out_c),
                      .weights = weights_desc(l, dnnl_hwigo, dnnl_ohwi),
                      .any = weights_desc(l, dnnl_format_tag_any, dnnl_format_tag_any),
                      .strides = {l->spec.stride_h, l->spec.stride_w},
                      .before = {l->pad_top, l->pad_left},
                      .behind = {l->pad_bottom, l->pad_right}};
}

void mdg_conv_forward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    const mdg_layer *l = n->layer;
    const bool biased = l->bias.count > 0;
    dnnl_convolution_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_convolution_forward_desc_init(&op, dnnl_forward_training, dnnl_convolution_direct,
                                                     &g.x, &g.any, biased ? &g.bias : NULL, &g.y, g.strides,
                                                     g.before, g.behind),
                  "convolution");
    n->main = mdg_dnn_describe(&s->dnn, &op, NULL, "convolution");
    const dnnl_memory_desc_t *wanted = mdg_dnn_query(&s->dnn, n->main, dnnl_query_weights_md);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->in, n->in->data)},
        {DNNL_ARG_WEIGHTS, mdg_weights_pack(s, &s->forward, l->weights, &g.weights, wanted)},
        {DNNL_ARG_DST, mdg_value_memory(s, n->out, n->z)},
        {DNNL_ARG_BIAS, biased ? mdg_dnn_memory(&s->dnn, &g.bias, mdg_params_of(s, l->bias)) : NULL},
    };
    mdg_tasks_add(&s->dnn, &s->forward, mdg_dnn_task(&s->dnn, n->main, biased ? 4 : 3, args));
}

static void backward_weights(mdg_shard *s, mdg_node *n, const geometry *g) {
    const mdg_layer *l = n->layer;
    const bool biased = l->bias.count > 0;
    dnnl_convolution_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_convolution_backward_weights_desc_init(&op, dnnl_convolution_direct, &g->x, &g->any,
                                                              biased ? &g->bias : NULL, &g->y, g->strides,
                                                              g->before, g->behind),
                  "convolution's weight gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->main, "convolution's weight gradient");
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_value_memory(s, n->in, n->in->data)},
        {DNNL_ARG_DIFF_DST, mdg_value_memory(s, n->out, n->out->diff)},
        {DNNL_ARG_DIFF_BIAS, biased ? mdg_dnn_memory(&s->dnn, &g->bias, mdg_gradients_of(s, l->bias)) : NULL},
    };
    mdg_weights_gradient(s, l->weights, &g->weights, pd, biased ? 3 : 2, args);
}

static void backward_data(mdg_shard *s, mdg_node *n, const geometry *g, float *dx) {
    dnnl_convolution_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_convolution_backward_data_desc_init(&op, dnnl_convolution_direct, &g->x, &g->any,
                                                           &g->y, g->strides, g->before, g->behind),
                  "convolution's data gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->main, "convolution's data gradient");
    const dnnl_memory_desc_t *wanted = mdg_dnn_query(&s->dnn, pd, dnnl_query_weights_md);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_DIFF_DST, mdg_value_memory(s, n->out, n->out->diff)},
        {DNNL_ARG_WEIGHTS, mdg_weights_pack(s, &s->backward, n->layer->weights, &g->weights, wanted)},
        {DNNL_ARG_DIFF_SRC, mdg_value_memory(s, n->in, dx)},
    };
    mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_task(&s->dnn, pd, 3, args));
}

void mdg_conv_backward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    backward_weights(s, n, &g);
    if (!n->in->is_input) {
        float *dx = mdg_gradient_borrow(s);
        backward_data(s, n, &g, dx);
        mdg_gradient_give(s, n->in, dx);
    }
    mdg_gradient_return(s, n->out->diff);
}
