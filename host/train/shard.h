/* SPDX-License-Identifier: MIT
 *
 * shard.h: a network made ready to compute a fixed number of samples: activations, gradients and the lists of
 * tasks for the forward and the backward pass. The parameters are read from the net, the gradients are the
 * shard's own.
 *
 *     mdg_shard *s;
 *     mdg_shard_new(net, 32, true, &s, diag);
 *     memcpy(s->values[0].data, x, ...);                       // [32][in_h][in_w][in_c]
 *     mdg_shard_forward(s, MDG_PHASE_TRAIN);
 *     mdg_softmax_loss(...);                                   // from mdg_shard_output(s) into its diff
 *     mdg_shard_backward(s);                                   // adds up s->gradients
 *     mdg_shard_free(s);
 *
 * A layer family (conv.c, dense.c, pool.c, ...) gives two functions that append tasks, forward and backward.
 * How gradients flow while building the backward pass: a layer finds the gradient of its output in out->diff,
 * writes that of its input into a buffer from mdg_gradient_borrow, and hands this to its source with
 * mdg_gradient_give, which keeps it or, when another reader was first, adds it.
 */
#ifndef MDG_TRAIN_SHARD_H
#define MDG_TRAIN_SHARD_H

#include "train/dnn.h"
#include "train/net.h"

enum { MDG_MAX_GRADIENTS = 64 };

/* The output of a layer (or the network's input): [batch][h][w][c] */
typedef struct mdg_value {
    int h, w, c;
    size_t count; /* of floats, batch included */
    float *data;
    float *diff;   /* loss gradient; while building, NULL until a reader has given it */
    bool is_input; /* the network's input, or the output of a frozen layer: gets no gradient */
} mdg_value;

/* What a layer keeps between building its forward and its backward pass. */
typedef struct mdg_node {
    const mdg_layer *layer;
    mdg_value *in, *with, *out;
    float *z;                                     /* before batch norm; without it, out->data */
    dnnl_primitive_desc_t main, norm, activation; /* of the forward primitives: hints to the backward ones */
    dnnl_memory_t main_workspace, norm_workspace;
    void *recurrent; /* of recurrent.c */
    float *mask;     /* dropout: 0 or 1 / (1 - rate) */
    void *rounding;  /* of fake.c */
} mdg_node;

typedef struct mdg_shard {
    mdg_arena *arena;
    const mdg_net *net;
    int batch;
    mdg_dnn dnn;
    mdg_value *values; /* [n_layers + 1]; 0 is the network's input, i + 1 the output of layer i */
    mdg_node *nodes;   /* [n_layers] */
    mdg_tasks forward, backward;
    float *params;     /* what layers compute with: the net's, or what fake.c rounds them to */
    float *gradients;  /* as net->params */
    float *statistics; /* as net->statistics: of this batch */
    mdg_rng dropout;   /* set before each training step */
    struct {
        float *data;
        bool used;
    } pool[MDG_MAX_GRADIENTS]; /* gradients in flight; each fits the largest value */
    size_t pool_count;         /* floats in each */
} mdg_shard;

/* trains: with a backward pass. Call in a thread set by mdg_dnn_one_thread. Returns MDG_OK, MDG_UNSUPPORTED.
 */
mdg_status mdg_shard_new(const mdg_net *net, int batch, bool trains, mdg_shard **out, mdg_diag *diag);
void mdg_shard_free(mdg_shard *s);

mdg_status mdg_shard_forward(mdg_shard *s, mdg_phase phase);
mdg_status mdg_shard_backward(mdg_shard *s);

static inline mdg_value *mdg_shard_output(const mdg_shard *s) {
    return &s->values[s->net->spec.n_layers];
}

/* ---- for the layer families ---- */

float *mdg_gradient_borrow(mdg_shard *s);
void mdg_gradient_return(mdg_shard *s, float *buffer);
void mdg_gradient_give(mdg_shard *s, mdg_value *to, float *buffer);

dnnl_memory_desc_t mdg_value_desc(const mdg_shard *s, const mdg_value *v);
dnnl_memory_t mdg_value_memory(mdg_shard *s, const mdg_value *v, const float *data);
float *mdg_params_of(const mdg_shard *s, mdg_span span);
float *mdg_gradients_of(const mdg_shard *s, mdg_span span);

/* Weights as a primitive wants them: memory over the plain ones, or a copy that `list` repacks before each
 * use. */
dnnl_memory_t mdg_weights_pack(mdg_shard *s, mdg_tasks *list, mdg_span span, const dnnl_memory_desc_t *plain,
                               const dnnl_memory_desc_t *wanted);

/* Appends a primitive that writes the gradient of weights (arg DNNL_ARG_DIFF_WEIGHTS is added), and if it is
 * not in plain layout, a reorder. */
void mdg_weights_gradient(mdg_shard *s, mdg_span span, const dnnl_memory_desc_t *plain,
                          dnnl_primitive_desc_t pd, int n_args, const dnnl_exec_arg_t *args);

void mdg_conv_forward(mdg_shard *s, mdg_node *n);
void mdg_conv_backward(mdg_shard *s, mdg_node *n);
void mdg_dense_forward(mdg_shard *s, mdg_node *n);
void mdg_dense_backward(mdg_shard *s, mdg_node *n);
void mdg_pool_forward(mdg_shard *s, mdg_node *n);
void mdg_pool_backward(mdg_shard *s, mdg_node *n);
void mdg_add_forward(mdg_shard *s, mdg_node *n);
void mdg_add_backward(mdg_shard *s, mdg_node *n);
void mdg_concat_forward(mdg_shard *s, mdg_node *n);
void mdg_concat_backward(mdg_shard *s, mdg_node *n);
void mdg_flatten_forward(mdg_shard *s, mdg_node *n); /* and reshape */
void mdg_flatten_backward(mdg_shard *s, mdg_node *n);
void mdg_recurrent_forward(mdg_shard *s, mdg_node *n);
void mdg_recurrent_backward(mdg_shard *s, mdg_node *n);
void mdg_dropout_forward(mdg_shard *s, mdg_node *n);
void mdg_dropout_backward(mdg_shard *s, mdg_node *n);

/* After the layer's own: from z to out->data; and in place on out->diff before it. Nothing where the layer
 * has none. */
void mdg_norm_forward(mdg_shard *s, mdg_node *n);
void mdg_norm_backward(mdg_shard *s, mdg_node *n);
void mdg_activation_forward(mdg_shard *s, mdg_node *n);
void mdg_activation_backward(mdg_shard *s, mdg_node *n);

/* out += a, in own code */
void mdg_tasks_accumulate(mdg_shard *s, mdg_tasks *list, float *out, const float *a, size_t count);

#endif
