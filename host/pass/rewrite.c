/* SPDX-License-Identifier: MIT
 *
 * The graph without the dropped channels: narrower tensors, filters cut down, constants in the biases.
 */
#include "pass/channels.h"

#include <string.h>

static bool drops(const mdg_tensor_channels *t) {
    for (int c = 0; c < t->n; c++)
        if (t->dropped[c]) return true;
    return false;
}

static int32_t kept(const mdg_tensor_channels *t) {
    int32_t n = 0;
    for (int c = 0; c < t->n; c++) n += !t->gone[c];
    return n;
}

static void narrow_tensor(const mdg_channels *ch, mdg_subgraph *s, int t) {
    mdg_tensor *tensor = &s->tensors[t];
    if (!drops(&ch->of[t])) return;
    tensor->shape.dim[tensor->shape.rank - 1] = kept(&ch->of[t]);
    tensor->signature = NULL;
    tensor->bytes = mdg_tensor_bytes(tensor);
}

static int uses_of(const mdg_subgraph *s, int32_t tensor) {
    int uses = 0;
    for (int i = 0; i < s->n_ops; i++)
        for (int k = 0; k < s->ops[i].n_inputs; k++) uses += s->ops[i].inputs[k] == tensor;
    for (int i = 0; i < s->n_outputs; i++) uses += s->outputs[i] == tensor;
    return uses;
}

/* Input k of the operator as a constant of its own, which may be changed */
static mdg_tensor *own_constant(const mdg_channels *ch, mdg_graph *g, int op, int k) {
    mdg_subgraph *s = &g->subgraphs[0];
    const int32_t old = s->ops[op].inputs[k];
    if (uses_of(ch->sub, old) <= 1) return &s->tensors[old];
    const mdg_tensor copy = s->tensors[old];
    const int t = mdg_tensor_add(g, s, copy.name, copy.type, copy.shape);
    s->tensors[t] = copy;
    s->ops[op].inputs[k] = t;
    return &s->tensors[t];
}

/* The scales of the outputs that stay, where each has one */
static void narrow_quant(mdg_arena *arena, mdg_quant *q, const mdg_tensor_channels *y) {
    if (q->count != y->n || q->count < 2) return;
    const mdg_quant old = *q;
    q->count = 0;
    q->scale = mdg_arena_array(arena, (size_t)old.count, sizeof *q->scale);
    q->zero_point = mdg_arena_array(arena, (size_t)old.count, sizeof *q->zero_point);
    for (int c = 0; c < old.count; c++) {
        if (y->gone[c]) continue;
        q->scale[q->count] = old.scale[c];
        q->zero_point[q->count++] = old.zero_point[c];
    }
}

/* The weights that stay, in their old order: output, tap, channel, or for a depthwise filter tap, output */
static int8_t *narrow_weights(const mdg_channels *ch, const mdg_filter *f, const mdg_tensor_channels *x,
                              const mdg_tensor_channels *y, size_t bytes) {
    int8_t *w = mdg_arena_array(ch->arena, bytes, 1), *at = w;
    const int32_t taps = f->rows * f->columns;
    for (int64_t i = 0; i < (int64_t)f->out_c * taps; i++) {
        const int32_t oc = (int32_t)(f->is_depthwise ? i % f->out_c : i / taps);
        const int32_t tap = (int32_t)(f->is_depthwise ? i / f->out_c : i % taps);
        for (int32_t c = 0; c < f->depth && !y->gone[oc]; c++) {
            const int32_t channel = mdg_filter_channel(f, oc, c);
            const bool is_blank = y->dropped[oc] || x->dropped[channel];
            if (x->gone[channel]) continue;
            *at++ = (int8_t)(f->w_zero + (is_blank ? 0 : mdg_filter_weight(f, oc, tap, c)));
        }
    }
    return w;
}

static void shrink_weights(const mdg_channels *ch, mdg_graph *g, int op) {
    const mdg_filter *f = ch->filter[op];
    const mdg_tensor_channels *x = mdg_channels_in(ch, op, 0), *y = mdg_channels_out(ch, op);
    mdg_tensor *w = own_constant(ch, g, op, 1);
    int32_t *dim = w->shape.dim;
    dim[f->is_depthwise ? 3 : 0] = kept(y);
    if (!f->is_depthwise) dim[w->shape.rank - 1] = dim[w->shape.rank - 1] / x->n * kept(x);
    w->signature = NULL;
    w->bytes = mdg_tensor_bytes(w);
    w->data = narrow_weights(ch, f, x, y, w->bytes);
    narrow_quant(ch->arena, &w->quant, y);
}

/* A filter without a bias gets one. */
static void add_bias(mdg_graph *g, int op, int32_t count) {
    mdg_subgraph *s = &g->subgraphs[0];
    mdg_op *o = &s->ops[op];
    const int32_t t = mdg_tensor_add(g, s, "bias", MDG_INT32, mdg_shape_of(1, (int)count));
    const int32_t inputs[3] = {o->inputs[0], o->inputs[1], t};
    o->inputs = mdg_arena_copy(g->arena, inputs, sizeof inputs);
    o->n_inputs = 3;
}

static void shrink_bias(const mdg_channels *ch, mdg_graph *g, int op) {
    const mdg_filter *f = ch->filter[op];
    const mdg_tensor_channels *x = mdg_channels_in(ch, op, 0), *y = mdg_channels_out(ch, op);
    int32_t *bias = mdg_arena_array(ch->arena, (size_t)f->out_c, sizeof *bias), n = 0;
    bool is_zero = true;
    for (int32_t oc = 0; oc < f->out_c; oc++) {
        if (y->gone[oc]) continue;
        if (!y->dropped[oc]) bias[n] = (int32_t)((f->bias ? f->bias[oc] : 0) + mdg_filter_folded(f, x, oc));
        is_zero = bias[n++] == 0 && is_zero;
    }
    if (!f->bias && is_zero) return;
    if (!f->bias) add_bias(g, op, n);
    mdg_tensor *b = own_constant(ch, g, op, 2);
    if (b->shape.rank) b->shape = mdg_shape_of(1, (int)n);
    b->signature = NULL;
    mdg_tensor_set_data(b, bias);
    narrow_quant(ch->arena, &b->quant, y);
}

/* A reshape states its output's shape; the operand that repeats it goes. */
static void restate_shape(mdg_graph *g, mdg_op *o, const mdg_shape *shape) {
    mdg_reshape_attrs *a = mdg_arena_copy(g->arena, o->attrs, sizeof *a);
    a->new_shape.count = shape->rank;
    a->new_shape.values = mdg_arena_copy(g->arena, shape->dim, (size_t)shape->rank * sizeof *shape->dim);
    o->attrs = a;
    o->n_inputs = 1;
}

static void rewrite_op(const mdg_channels *ch, mdg_graph *g, int op) {
    mdg_subgraph *s = &g->subgraphs[0];
    mdg_op *o = &s->ops[op];
    if (ch->kind[op] == MDG_CHANNEL_OPAQUE || ch->kind[op] == MDG_CHANNEL_CONCATENATION) return;
    if (!drops(mdg_channels_in(ch, op, 0)) && !drops(mdg_channels_out(ch, op))) return;
    o->inputs = mdg_arena_copy(g->arena, o->inputs, (size_t)o->n_inputs * sizeof *o->inputs);
    if (ch->kind[op] == MDG_CHANNEL_FILTER) {
        shrink_weights(ch, g, op);
        shrink_bias(ch, g, op);
    } else if (o->code == MDG_OP_RESHAPE)
        restate_shape(g, o, &mdg_op_output(s, o, 0)->shape);
}

/* The same graph with arrays of its own for what may change; they have no room to spare, so that adding to
 * them makes new ones. */
static mdg_graph *copy_graph(const mdg_channels *ch) {
    mdg_graph *g = mdg_arena_copy(ch->arena, ch->graph, sizeof *g);
    g->arena = ch->arena;
    g->subgraphs = mdg_arena_copy(ch->arena, g->subgraphs, (size_t)g->n_subgraphs * sizeof *g->subgraphs);
    g->room_subgraphs = 0;
    mdg_subgraph *s = &g->subgraphs[0];
    s->tensors = mdg_arena_copy(ch->arena, s->tensors, (size_t)s->n_tensors * sizeof *s->tensors);
    s->ops = mdg_arena_copy(ch->arena, s->ops, (size_t)s->n_ops * sizeof *s->ops);
    s->room_tensors = s->room_ops = 0;
    return g;
}

mdg_graph *mdg_channels_rewrite(const mdg_channels *ch) {
    mdg_graph *g = copy_graph(ch);
    for (int t = 0; t < ch->sub->n_tensors; t++) narrow_tensor(ch, &g->subgraphs[0], t);
    for (int op = 0; op < ch->sub->n_ops; op++) rewrite_op(ch, g, op);
    return g;
}
