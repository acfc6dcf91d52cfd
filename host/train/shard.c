/* SPDX-License-Identifier: MIT */
#include "train/shard.h"
#include "train/fake.h"

#include <string.h>

typedef void layer_builder(mdg_shard *s, mdg_node *n);

static const struct {
    layer_builder *forward, *backward;
} builders[MDG_LAYER_KINDS] = {
    [MDG_LAYER_CONV2D] = {mdg_conv_forward, mdg_conv_backward},
    [MDG_LAYER_DEPTHWISE_CONV2D] = {mdg_conv_forward, mdg_conv_backward},
    [MDG_LAYER_DENSE] = {mdg_dense_forward, mdg_dense_backward},
    [MDG_LAYER_AVERAGE_POOL] = {mdg_pool_forward, mdg_pool_backward},
    [MDG_LAYER_MAX_POOL] = {mdg_pool_forward, mdg_pool_backward},
    [MDG_LAYER_GLOBAL_AVERAGE_POOL] = {mdg_pool_forward, mdg_pool_backward},
    [MDG_LAYER_ADD] = {mdg_add_forward, mdg_add_backward},
    [MDG_LAYER_CONCAT] = {mdg_concat_forward, mdg_concat_backward},
    [MDG_LAYER_FLATTEN] = {mdg_flatten_forward, mdg_flatten_backward},
    [MDG_LAYER_RESHAPE] = {mdg_flatten_forward, mdg_flatten_backward},
    [MDG_LAYER_LSTM] = {mdg_recurrent_forward, mdg_recurrent_backward},
    [MDG_LAYER_GRU] = {mdg_recurrent_forward, mdg_recurrent_backward},
    [MDG_LAYER_DROPOUT] = {mdg_dropout_forward, mdg_dropout_backward},
};

/* ---- gradients in flight ---- */

float *mdg_gradient_borrow(mdg_shard *s) {
    for (int i = 0; i < MDG_MAX_GRADIENTS; i++) {
        if (s->pool[i].used) continue;
        if (!s->pool[i].data) s->pool[i].data = mdg_floats(s->arena, s->pool_count);
        s->pool[i].used = true;
        return s->pool[i].data;
    }
    return mdg_floats(s->arena, s->pool_count);
}

void mdg_gradient_return(mdg_shard *s, float *buffer) {
    for (int i = 0; i < MDG_MAX_GRADIENTS; i++)
        if (s->pool[i].data == buffer) s->pool[i].used = false;
}

void mdg_gradient_give(mdg_shard *s, mdg_value *to, float *buffer) {
    if (!to->diff && !to->is_input) {
        to->diff = buffer;
        return;
    }
    if (!to->is_input) mdg_tasks_accumulate(s, &s->backward, to->diff, buffer, to->count);
    mdg_gradient_return(s, buffer);
}

/* ---- what layer families share ---- */

dnnl_memory_desc_t mdg_value_desc(const mdg_shard *s, const mdg_value *v) {
    return mdg_dnn_nhwc(s->batch, v->h, v->w, v->c);
}

/* oneDNN's memory is never const; primitives write only to what is named as their output. */
dnnl_memory_t mdg_value_memory(mdg_shard *s, const mdg_value *v, const float *data) {
    const dnnl_memory_desc_t desc = mdg_value_desc(s, v);
    return mdg_dnn_memory(&s->dnn, &desc, (float *)(uintptr_t)data);
}

float *mdg_params_of(const mdg_shard *s, mdg_span span) {
    return s->params + span.at;
}

float *mdg_gradients_of(const mdg_shard *s, mdg_span span) {
    return s->gradients + span.at;
}

dnnl_memory_t mdg_weights_pack(mdg_shard *s, mdg_tasks *list, mdg_span span, const dnnl_memory_desc_t *plain,
                               const dnnl_memory_desc_t *wanted) {
    dnnl_memory_t weights = mdg_dnn_memory(&s->dnn, plain, mdg_params_of(s, span));
    if (dnnl_memory_desc_equal(plain, wanted)) return weights;
    dnnl_memory_t packed = mdg_dnn_memory(&s->dnn, wanted, NULL);
    mdg_tasks_add(&s->dnn, list, mdg_dnn_reorder(&s->dnn, weights, packed));
    return packed;
}

void mdg_weights_gradient(mdg_shard *s, mdg_span span, const dnnl_memory_desc_t *plain,
                          dnnl_primitive_desc_t pd, int n_args, const dnnl_exec_arg_t *args) {
    const dnnl_memory_desc_t *given = mdg_dnn_query(&s->dnn, pd, dnnl_query_diff_weights_md);
    const bool direct = dnnl_memory_desc_equal(plain, given);
    dnnl_memory_t target = mdg_dnn_memory(&s->dnn, plain, mdg_gradients_of(s, span));
    dnnl_memory_t written = direct ? target : mdg_dnn_memory(&s->dnn, given, NULL);
    dnnl_exec_arg_t all[MDG_TASK_ARGS];
    memcpy(all, args, (size_t)n_args * sizeof *args);
    all[n_args] = (dnnl_exec_arg_t){DNNL_ARG_DIFF_WEIGHTS, written};
    mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_task(&s->dnn, pd, n_args + 1, all));
    if (!direct) mdg_tasks_add(&s->dnn, &s->backward, mdg_dnn_reorder(&s->dnn, written, target));
}

/* ---- building ---- */

static void size_value(mdg_shard *s, mdg_value *v, int h, int w, int c) {
    *v = (mdg_value){.h = h, .w = w, .c = c, .count = (size_t)s->batch * (size_t)h * (size_t)w * (size_t)c};
    if (v->count > s->pool_count) s->pool_count = v->count;
}

/* Flatten and reshape change no byte: their value is their source's. */
static void make_values(mdg_shard *s) {
    const mdg_net *net = s->net;
    s->values = mdg_arena_array(s->arena, (size_t)net->spec.n_layers + 1, sizeof *s->values);
    size_value(s, &s->values[0], net->spec.in_h, net->spec.in_w, net->spec.in_c);
    s->values[0].is_input = true;
    s->values[0].data = mdg_floats(s->arena, s->values[0].count);
    for (int i = 0; i < net->spec.n_layers; i++) {
        const mdg_layer *l = &net->layers[i];
        mdg_value *v = &s->values[i + 1];
        size_value(s, v, l->out_h, l->out_w, l->out_c);
        v->is_input = l->frozen; /* to what is trained behind it, nobody asks for its gradient */
        const bool alias = l->spec.kind == MDG_LAYER_FLATTEN || l->spec.kind == MDG_LAYER_RESHAPE;
        v->data = alias ? s->values[l->spec.from + 1].data : mdg_floats(s->arena, v->count);
    }
}

static void make_node(mdg_shard *s, int index) {
    const mdg_layer *l = &s->net->layers[index];
    mdg_node *n = &s->nodes[index];
    *n = (mdg_node){.layer = l, .in = &s->values[l->spec.from + 1], .out = &s->values[index + 1]};
    n->with = &s->values[l->spec.with + 1];
    n->z = l->spec.batch_norm ? mdg_floats(s->arena, n->out->count) : n->out->data;
    builders[l->spec.kind].forward(s, n);
    mdg_norm_forward(s, n);
    mdg_activation_forward(s, n);
    mdg_fake_forward(s, n);
}

static void make_backward(mdg_shard *s, mdg_node *n) {
    mdg_fake_backward(s, n);
    mdg_activation_backward(s, n);
    mdg_norm_backward(s, n);
    builders[n->layer->spec.kind].backward(s, n);
}

/* Puts the layer in front of oneDNN's complaint. */
static void blame(mdg_shard *s, int index, bool *blamed) {
    if (s->dnn.status == MDG_OK || *blamed) return;
    char prefix[64];
    snprintf(prefix, sizeof prefix, "layer %d %s", index + 1,
             mdg_layer_text(s->net->layers[index].spec.kind));
    mdg_fail_in(s->dnn.diag, s->dnn.status, prefix);
    *blamed = true;
}

static void build(mdg_shard *s, bool trains) {
    const int n_layers = s->net->spec.n_layers;
    bool blamed = false;
    make_values(s);
    mdg_fake_begin(s);
    s->nodes = mdg_arena_array(s->arena, (size_t)n_layers, sizeof *s->nodes);
    for (int i = 0; i < n_layers; i++) {
        make_node(s, i);
        blame(s, i, &blamed);
    }
    if (!trains) return;
    mdg_shard_output(s)->diff = mdg_gradient_borrow(s); /* the loss writes it */
    for (int i = n_layers - 1; i >= 0 && !s->net->layers[i].frozen; i--) {
        make_backward(s, &s->nodes[i]);
        blame(s, i, &blamed);
    }
}

mdg_status mdg_shard_new(const mdg_net *net, int batch, bool trains, mdg_shard **out, mdg_diag *diag) {
    mdg_arena *arena = mdg_arena_new();
    mdg_shard *s = mdg_arena_alloc(arena, sizeof *s);
    *s = (mdg_shard){.arena = arena, .net = net, .batch = batch, .params = net->params};
    s->gradients = mdg_floats(arena, net->n_params);
    s->statistics = mdg_floats(arena, net->n_statistics);
    mdg_dnn_open(&s->dnn, arena, diag);
    build(s, trains);
    mdg_dnn_finish(&s->dnn);
    const mdg_status status = s->dnn.status;
    if (status != MDG_OK) {
        mdg_shard_free(s);
        return status;
    }
    *out = s;
    return MDG_OK;
}

void mdg_shard_free(mdg_shard *s) {
    if (!s) return;
    mdg_dnn_close(&s->dnn);
    mdg_arena_free(s->arena);
}

mdg_status mdg_shard_forward(mdg_shard *s, mdg_phase phase) {
    return mdg_tasks_run(&s->dnn, &s->forward, phase);
}

mdg_status mdg_shard_backward(mdg_shard *s) {
    return mdg_tasks_run(&s->dnn, &s->backward, MDG_PHASE_TRAIN);
}
