/* SPDX-License-Identifier: MIT
 *
 * Fully connected: y[n][out] = x[n][in] * w[out][in] + b[out], over all of a sample's values in the order
 * [h][w][c].
 */
#include "train/shard.h"

typedef struct geometry {
    dnnl_memory_desc_t x, y, weights, any, bias;
} geometry;

static dnnl_memory_desc_t matrix(size_t rows, size_t columns, dnnl_format_tag_t tag) {
    return mdg_dnn_desc(2, (const dnnl_dim_t[]){(dnnl_dim_t)rows, (dnnl_dim_t)columns}, tag);
}

static geometry geometry_of(const mdg_shard *s, const mdg_node *n) {
    const size_t batch = (size_t)s->batch, out = (size_t)n->layer->out_c, in = n->in->count / batch;
    return (geometry){.x = matrix(batch, in, dnnl_ab),
                      .y = matrix(batch, out, dnnl_ab),
                      .weights = matrix(out, in, dnnl_ab),
                      .any = matrix(out, in, dnnl_format_tag_any),
                      .bias = mdg_dnn_vector((int)out)};
}

void mdg_dense_forward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    const mdg_layer *l = n->layer;
    const bool biased = l->bias.count > 0;
    dnnl_inner_product_desc_t op;
    mdg_dnn_check(&s->dnn,
                  dnnl_inner_product_forward_desc_init(&op, dnnl_forward_training, &g.x, &g.any,
                                                       biased ? &g.bias : NULL, &g.y),
                  "dense layer");
    n->main = mdg_dnn_describe(&s->dnn, &op, NULL, "dense layer");
    const dnnl_memory_desc_t *wanted = mdg_dnn_query(&s->dnn, n->main, dnnl_query_weights_md);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_dnn_memory(&s->dnn, &g.x, n->in->data)},
        {DNNL_ARG_WEIGHTS, mdg_weights_pack(s, &s->forward, l->weights, &g.weights, wanted)},
        {DNNL_ARG_DST, mdg_dnn_memory(&s->dnn, &g.y, n->z)},
        {DNNL_ARG_BIAS, biased ? mdg_dnn_memory(&s->dnn, &g.bias, mdg_params_of(s, l->bias)) : NULL},
    };
    mdg_tasks_add(&s->dnn, &s->forward, mdg_dnn_task(&s->dnn, n->main, biased ? 4 : 3, args));
}

static void backward_weights(mdg_shard *s, mdg_node *n, const geometry *g) {
    const mdg_layer *l = n->layer;
    const bool biased = l->bias.count > 0;
    dnnl_inner_product_desc_t op;
    mdg_dnn_check(
        &s->dnn,
        dnnl_inner_product_backward_weights_desc_init(&op, &g->x, &g->any, biased ? &g->bias : NULL, &g->y),
        "dense layer's weight gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->main, "dense layer's weight gradient");
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_SRC, mdg_dnn_memory(&s->dnn, &g->x, n->in->data)},
        {DNNL_ARG_DIFF_DST, mdg_dnn_memory(&s->dnn, &g->y, n->out->diff)},
        {DNNL_ARG_DIFF_BIAS, biased ? mdg_dnn_memory(&s->dnn, &g->bias, mdg_gradients_of(s, l->bias)) : NULL},
    };
    mdg_weights_gradient(s, l->weights, &g->weights, pd, biased ? 3 : 2, args);
}

static void backward_data(mdg_shard *s, mdg_node *n, const geometry *g, float *dx) {
    dnnl_inner_product_desc_t op;
    mdg_dnn_check(&s->dnn, dnnl_inner_product_backward_data_desc_init(&op, &g->x, &g->any, &g->y),
                  "dense layer's data gradient");
    dnnl_primitive_desc_t pd = mdg_dnn_describe(&s->dnn, &op, n->main, "dense layer's data gradient");
    const dnnl_memory_desc_t *wanted = mdg_dnn_query(&s->dnn, pd, dnnl_query_weights_md);
    const dnnl_exec_arg_t args[] = {
        {DNNL_ARG_DIFF_DST, mdg_dnn_memory(&s->dnn, &g->y, n->out->diff)},
        {DNNL_ARG_WEIGHTS, mdg_weights_pack(s, &s->backward, n->layer->weights, &g->weights, wanted)},
        {DNNL_ARG_DIFF_SRC, mdg_dnn_memory(&s->dnn, &g->x, dx)},
    };
    mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_task(&s->dnn, pd, 3, args));
}

void mdg_dense_backward(mdg_shard *s, mdg_node *n) {
    const geometry g = geometry_of(s, n);
    backward_weights(s, n, &g);
    if (!n->in->is_input) {
        float *dx = mdg_gradient_borrow(s);
        backward_data(s, n, &g, dx);
        mdg_gradient_give(s, n->in, dx);
    }
    mdg_gradient_return(s, n->out->diff);
}
