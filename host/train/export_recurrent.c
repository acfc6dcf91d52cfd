/* SPDX-License-Identifier: MIT
 *
 * LSTM and GRU step by step, as plain operators. What the input adds to the gates is one pointwise
 * convolution over all steps; the steps share their weights. No state is left behind, and every kernel is one
 * that other networks use.
 */
#include "train/exporter.h"

typedef struct unrolled {
    mdg_exporter *e;
    int layer, units, steps;
    int n_sigmoids;        /* gates with a sigmoid, 3 or 2; one with a tanh follows */
    int *sigmoids, *tanhs; /* [steps] what the input adds to those gates */
    int u_sigmoid, u_tanh; /* weights of the hidden values */
    int axis_0, axis_1;
    int step; /* that is being written down; -1 = all of them */
} unrolled;

/* Names that differ behind '@' alone are one quantity at several steps; the quantiser gives it one scale. */
static const char *name_of(const unrolled *r, const char *part) {
    const char *name = mdg_export_name(r->e, r->layer, part);
    return r->step < 0 ? name : mdg_arena_printf(r->e->graph->arena, "%s@%d", name, r->step);
}

static int add(const unrolled *r, mdg_opcode code, int n_inputs, const int *inputs, int width,
               const char *part) {
    const int output =
        mdg_export_tensor(r->e, MDG_FLOAT32, mdg_shape_of(2, 1, width), NULL, name_of(r, part));
    mdg_export_op(r->e, code, n_inputs, inputs, output);
    return output;
}

static int one(const unrolled *r, mdg_opcode code, int a, int width, const char *part) {
    return add(r, code, 1, &a, width, part);
}

static int two(const unrolled *r, mdg_opcode code, int a, int b, int width, const char *part) {
    return add(r, code, 2, (const int[]){a, b}, width, part);
}

/* n equal pieces of a tensor along an axis, each of the shape given. */
static int *split(const unrolled *r, int tensor, int axis, int n, mdg_shape piece, const char *part) {
    mdg_exporter *e = r->e;
    int *pieces = mdg_arena_array(e->graph->arena, (size_t)n, sizeof *pieces);
    pieces[0] = tensor;
    if (n == 1) return pieces;
    for (int i = 0; i < n; i++) pieces[i] = mdg_export_tensor(e, MDG_FLOAT32, piece, NULL, name_of(r, part));
    mdg_op *op = mdg_op_add(e->graph, e->sub, MDG_OP_SPLIT, 2, n);
    op->inputs[0] = axis ? r->axis_1 : r->axis_0;
    op->inputs[1] = tensor;
    for (int i = 0; i < n; i++) op->outputs[i] = pieces[i];
    ((mdg_split_attrs *)op->attrs)->num_splits = n;
    return pieces;
}

/* W x + bias of some gates, for each step. */
static int *of_input(const unrolled *r, int input, int first_gate, int n_gates, const char *part) {
    mdg_exporter *e = r->e;
    const mdg_layer *l = &e->net->layers[r->layer];
    const int width = n_gates * r->units, in = l->in_w * l->in_c;
    const size_t first = (size_t)first_gate * (size_t)r->units;
    const float *w = e->params + l->weights.at + first * (size_t)in, *bias = e->params + l->bias.at + first;
    const int inputs[] = {
        input,
        mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(4, width, 1, 1, in),
                          mdg_arena_copy(e->graph->arena, w, (size_t)width * (size_t)in * sizeof *w),
                          name_of(r, "/weights")),
        mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(1, width),
                          mdg_arena_copy(e->graph->arena, bias, (size_t)width * sizeof *bias),
                          name_of(r, "/bias"))};
    const int output =
        mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(4, 1, r->steps, 1, width), NULL, name_of(r, part));
    mdg_conv2d_attrs *a = mdg_export_op(e, MDG_OP_CONV_2D, 3, inputs, output)->attrs;
    a->padding = MDG_PADDING_VALID;
    a->stride_h = a->stride_w = 1;
    const int rows = mdg_export_reshaped(e, output, mdg_shape_of(2, r->steps, width));
    return split(r, rows, 0, r->steps, mdg_shape_of(2, 1, width), part);
}

static int hidden_weights(const unrolled *r, int first_gate, int n_gates) {
    mdg_exporter *e = r->e;
    const mdg_layer *l = &e->net->layers[r->layer];
    const size_t units = (size_t)r->units, all = (size_t)(r->n_sigmoids + 1) * units;
    const size_t in = (size_t)l->in_w * (size_t)l->in_c, count = (size_t)n_gates * units * units;
    const float *u = e->params + l->weights.at + all * in + (size_t)first_gate * units * units;
    return mdg_export_tensor(e, MDG_FLOAT32, mdg_shape_of(2, n_gates * r->units, r->units),
                             mdg_arena_copy(e->graph->arena, u, count * sizeof *u),
                             name_of(r, "/hidden_weights"));
}

static int of_hidden(const unrolled *r, int h, int weights, int width, const char *part) {
    return add(r, MDG_OP_FULLY_CONNECTED, 3, (const int[]){h, weights, -1}, width, part);
}

/* The sigmoid gates of a step; h -1: the first, whose hidden values are 0. */
static int *gates(const unrolled *r, int h) {
    const int width = r->n_sigmoids * r->units;
    int sum = r->sigmoids[r->step];
    if (h >= 0)
        sum = two(r, MDG_OP_ADD, sum, of_hidden(r, h, r->u_sigmoid, width, "/hidden_gates"), width, "/sum");
    const int all = one(r, MDG_OP_LOGISTIC, sum, width, "/gates");
    return split(r, all, 1, r->n_sigmoids, mdg_shape_of(2, 1, r->units), "/gate");
}

/* h of a step, and the cell's new value in *c. */
static int lstm_step(const unrolled *r, int h, int *c) {
    enum { IN, FORGET, OUT };
    const int n = r->units, *gate = gates(r, h);
    int sum = r->tanhs[r->step];
    if (h >= 0)
        sum =
            two(r, MDG_OP_ADD, sum, of_hidden(r, h, r->u_tanh, n, "/hidden_candidate"), n, "/candidate_sum");
    const int candidate = one(r, MDG_OP_TANH, sum, n, "/candidate");
    const int added = two(r, MDG_OP_MUL, gate[IN], candidate, n, "/added");
    *c = h < 0 ? added
               : two(r, MDG_OP_ADD, two(r, MDG_OP_MUL, gate[FORGET], *c, n, "/kept"), added, n, "/cell");
    return two(r, MDG_OP_MUL, gate[OUT], one(r, MDG_OP_TANH, *c, n, "/bent"), n, "/output");
}

static int gru_step(const unrolled *r, int h) {
    enum { UPDATE, RESET };
    const int n = r->units, *gate = gates(r, h);
    int sum = r->tanhs[r->step];
    if (h >= 0) {
        const int part =
            two(r, MDG_OP_MUL, gate[RESET], of_hidden(r, h, r->u_tanh, n, "/hidden_candidate"), n, "/reset");
        sum = two(r, MDG_OP_ADD, sum, part, n, "/candidate_sum");
    }
    const int candidate = one(r, MDG_OP_TANH, sum, n, "/candidate");
    if (h < 0)
        return two(r, MDG_OP_SUB, candidate, two(r, MDG_OP_MUL, gate[UPDATE], candidate, n, "/kept"), n,
                   "/output");
    const int change = two(r, MDG_OP_SUB, h, candidate, n, "/change");
    return two(r, MDG_OP_ADD, candidate, two(r, MDG_OP_MUL, gate[UPDATE], change, n, "/kept"), n, "/output");
}

static int join(const unrolled *r, const int *steps) {
    if (r->steps == 1) return steps[0];
    const int output = mdg_export_tensor(r->e, MDG_FLOAT32, mdg_shape_of(2, r->steps, r->units), NULL,
                                         name_of(r, "/sequence"));
    mdg_export_op(r->e, MDG_OP_CONCATENATION, r->steps, steps, output);
    return output;
}

static int axis(const unrolled *r, int number) {
    const int32_t *data = mdg_arena_copy(r->e->graph->arena, &(int32_t){number}, sizeof(int32_t));
    return mdg_export_tensor(r->e, MDG_INT32, mdg_shape_of(0), data,
                             name_of(r, number ? "/axis_1" : "/axis_0"));
}

int mdg_export_recurrent(mdg_exporter *e, int layer) {
    const mdg_layer *l = &e->net->layers[layer];
    const bool lstm = l->spec.kind == MDG_LAYER_LSTM;
    unrolled r = {
        .e = e, .layer = layer, .units = l->out_c, .steps = l->in_h, .n_sigmoids = lstm ? 3 : 2, .step = -1};
    const int input = mdg_export_reshaped(e, e->tensors[l->spec.from + 1],
                                          mdg_shape_of(4, 1, l->in_h, 1, l->in_w * l->in_c));
    int *outputs = mdg_arena_array(e->graph->arena, (size_t)r.steps, sizeof *outputs), h = -1, c = -1;
    r.axis_0 = axis(&r, 0);
    r.axis_1 = axis(&r, 1);
    r.sigmoids = of_input(&r, input, 0, r.n_sigmoids, "/input_gates");
    r.tanhs = of_input(&r, input, r.n_sigmoids, 1, "/input_candidate");
    r.u_sigmoid = hidden_weights(&r, 0, r.n_sigmoids);
    r.u_tanh = hidden_weights(&r, r.n_sigmoids, 1);
    for (r.step = 0; r.step < r.steps; r.step++)
        outputs[r.step] = h = lstm ? lstm_step(&r, h, &c) : gru_step(&r, h);
    r.step = -1;
    if (!l->spec.sequence) return h;
    return mdg_export_reshaped(e, join(&r, outputs), mdg_shape_of(4, 1, r.steps, 1, r.units));
}
