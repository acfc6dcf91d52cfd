/* SPDX-License-Identifier: MIT */
#include "train/transfer.h"

#include <math.h>
#include <string.h>

enum { SETTLE_SAMPLES = 512 };

/* ---- which operator a layer can take its weights from ---- */

static bool shape_is(const mdg_shape *s, int rank, const int dims[4]) {
    bool same = s->rank == rank;
    for (int i = 0; same && i < rank; i++) same = s->dim[i] == dims[i];
    return same;
}

static bool fits(const mdg_layer *l, const mdg_subgraph *s, const mdg_op *op) {
    const mdg_tensor *w = mdg_op_input(s, op, 1);
    if (!w || !w->data) return false;
    const int kh = l->spec.kernel_h, kw = l->spec.kernel_w;
    switch (l->spec.kind) {
    case MDG_LAYER_CONV2D:
        return op->code == MDG_OP_CONV_2D && shape_is(&w->shape, 4, (const int[]){l->out_c, kh, kw, l->in_c});
    case MDG_LAYER_DEPTHWISE_CONV2D:
        return op->code == MDG_OP_DEPTHWISE_CONV_2D &&
               shape_is(&w->shape, 4, (const int[]){1, kh, kw, l->out_c});
    case MDG_LAYER_DENSE:
        return op->code == MDG_OP_FULLY_CONNECTED &&
               shape_is(&w->shape, 2, (const int[]){l->out_c, l->in_h * l->in_w * l->in_c, 0, 0});
    default: return false;
    }
}

/* Constant values as floats; false where the type is neither float32 nor quantised int8 or int32. */
static bool read_values(const mdg_tensor *t, float *out) {
    const size_t n = (size_t)mdg_shape_elements(&t->shape);
    if (t->type == MDG_FLOAT32) {
        memcpy(out, t->data, n * sizeof *out);
        return true;
    }
    if ((t->type != MDG_INT8 && t->type != MDG_INT32) || t->quant.count == 0) return false;
    size_t inner = 1; /* values from one index along the axis to the next */
    for (int d = t->quant.axis + 1; d < t->shape.rank; d++) inner *= (size_t)t->shape.dim[d];
    for (size_t i = 0; i < n; i++) {
        const size_t c = t->quant.count > 1 ? i / inner % (size_t)t->quant.count : 0;
        const int32_t q = t->type == MDG_INT8 ? ((const int8_t *)t->data)[i] : ((const int32_t *)t->data)[i];
        out[i] = t->quant.scale[c] * (float)(q - t->quant.zero_point[c]);
    }
    return true;
}

/* Batch norm that changes nothing and adds the bias: (z - 0) / sqrt(1) * 1 + bias. */
static void make_neutral(mdg_net *net, const mdg_layer *l, const float *bias) {
    float *gamma = net->params + l->norm.at, *mean = net->statistics + l->statistics.at;
    for (int c = 0; c < l->out_c; c++) {
        gamma[c] = 1.0f;
        gamma[l->out_c + c] = bias[c];
        mean[c] = 0.0f;
        mean[l->out_c + c] = 1.0f - MDG_NORM_EPSILON;
    }
}

static bool load(mdg_net *net, mdg_layer *l, const mdg_subgraph *s, const mdg_op *op, mdg_arena *scratch) {
    const mdg_tensor *b = mdg_op_input(s, op, 2);
    float *bias = mdg_arena_array(scratch, (size_t)l->out_c, sizeof *bias);
    if (b && (!b->data || mdg_shape_elements(&b->shape) != l->out_c || !read_values(b, bias))) return false;
    if (!read_values(mdg_op_input(s, op, 1), net->params + l->weights.at)) return false;
    if (l->norm.count)
        make_neutral(net, l, bias);
    else
        memcpy(net->params + l->bias.at, bias, (size_t)l->out_c * sizeof *bias);
    l->loaded = true;
    return true;
}

mdg_status mdg_net_start_from(mdg_net *net, const mdg_graph *model, bool new_head, mdg_transfer *out,
                              mdg_diag *diag) {
    const mdg_subgraph *s = &model->subgraphs[0];
    const int last = net->spec.n_layers - 1;
    mdg_arena *scratch = mdg_arena_new();
    *out = (mdg_transfer){0};
    for (int i = 0, next = 0; i <= last; i++) {
        mdg_layer *l = &net->layers[i];
        if (l->weights.count) out->n_weighted++;
        if (!l->weights.count || (new_head && i == last)) continue;
        int k = next;
        while (k < s->n_ops && !fits(l, s, &s->ops[k])) k++;
        if (k == s->n_ops || !load(net, l, s, &s->ops[k], scratch)) continue;
        out->n_loaded++;
        next = k + 1;
    }
    mdg_arena_free(scratch);
    const bool head_alone = out->n_loaded == 1 && out->n_weighted > 1 && net->layers[last].loaded;
    if (out->n_loaded && !head_alone) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID,
                    "%s: no convolution or dense layer of it, but perhaps the last, has the shape of one of "
                    "the network's %d; a model "
                    "to start from must have the same architecture, at least in its first layers",
                    model->source ? model->source : "the model", out->n_weighted);
}

/* ---- batch norm's statistics ---- */

typedef struct moments {
    double *sum, *square; /* [out_c] */
    size_t count;
} moments;

static void add_moments(moments *m, const mdg_node *n, size_t samples) {
    const size_t channels = (size_t)n->layer->out_c;
    const size_t places = samples * (size_t)n->layer->out_h * (size_t)n->layer->out_w;
    for (size_t i = 0; i < places; i++)
        for (size_t c = 0; c < channels; c++) {
            const double z = (double)n->z[i * channels + c];
            m->sum[c] += z;
            m->square[c] += z * z;
        }
    m->count += places;
}

static void settle_layer(mdg_net *net, const mdg_layer *l, const moments *m) {
    float *gamma = net->params + l->norm.at, *beta = gamma + l->out_c;
    float *mean = net->statistics + l->statistics.at, *variance = mean + l->out_c;
    for (int c = 0; c < l->out_c; c++) {
        const double mu = m->sum[c] / (double)m->count;
        mean[c] = (float)mu;
        variance[c] = (float)fmax(m->square[c] / (double)m->count - mu * mu, 0.0);
        gamma[c] = sqrtf(variance[c] + MDG_NORM_EPSILON);
        beta[c] += mean[c];
    }
}

static bool settles(const mdg_layer *l) {
    return l->loaded && !l->frozen && l->norm.count > 0;
}

mdg_status mdg_transfer_settle(mdg_net *net, mdg_shard *shard, const mdg_train_source *source) {
    const int n_layers = net->spec.n_layers, batch = shard->batch;
    const int n = source->n_train < SETTLE_SAMPLES ? source->n_train : SETTLE_SAMPLES;
    const size_t n_in = shard->values[0].count / (size_t)batch;
    mdg_arena *scratch = mdg_arena_new();
    float *y = mdg_arena_array(scratch, (size_t)net->spec.n_classes + 1, sizeof *y);
    moments *m = mdg_arena_array(scratch, (size_t)n_layers, sizeof *m);
    for (int i = 0; i < n_layers; i++) {
        m[i].sum = mdg_arena_array(scratch, (size_t)net->layers[i].out_c, sizeof(double));
        m[i].square = mdg_arena_array(scratch, (size_t)net->layers[i].out_c, sizeof(double));
    }
    mdg_status status = MDG_OK;
    for (int at = 0; at < n && status == MDG_OK; at += batch) {
        const int count = n - at < batch ? n - at : batch;
        for (int i = 0; i < count; i++) {
            const int64_t index = (int64_t)(at + i) * source->n_train / n; /* from everywhere in the data */
            source->fill(source->context, false, (int)index, NULL, shard->values[0].data + (size_t)i * n_in,
                         net->spec.objective == MDG_OBJECTIVE_INPUT ? NULL : y);
        }
        status = mdg_shard_forward(shard, MDG_PHASE_INFER);
        for (int i = 0; i < n_layers; i++)
            if (settles(&net->layers[i])) add_moments(&m[i], &shard->nodes[i], (size_t)count);
    }
    for (int i = 0; i < n_layers && status == MDG_OK; i++)
        if (settles(&net->layers[i])) settle_layer(net, &net->layers[i], &m[i]);
    mdg_arena_free(scratch);
    return status;
}
