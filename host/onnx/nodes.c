/* SPDX-License-Identifier: MIT
 *
 * The list of nodes, with QOperators taken apart: QLinearConv becomes DequantizeLinear for each operand,
 * Conv, and QuantizeLinear, so that there is one way only from quantised ONNX to integers.
 */
#include "onnx/importer.h"

#include <string.h>

static const mdg_onx_op ops[] = {
#define OP(name, import, min_inputs, max_inputs, layout)                                                     \
    {#name, mdg_onx_##import, min_inputs, max_inputs, MDG_ONX_##layout},
#include "onnx/ops.def"
#undef OP
};

typedef struct qoperator {
    const char *name, *inner, *inputs;
} qoperator;

static const qoperator qoperators[] = {
#define QOP(name, inner, inputs) {#name, #inner, inputs},
#include "onnx/qoperators.def"
#undef QOP
};

const mdg_onx_op *mdg_onx_op_find(const char *name) {
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++)
        if (strcmp(ops[i].name, name) == 0) return &ops[i];
    return NULL;
}

static const qoperator *find_qoperator(const char *name) {
    for (size_t i = 0; i < sizeof qoperators / sizeof *qoperators; i++)
        if (strcmp(qoperators[i].name, name) == 0) return &qoperators[i];
    return NULL;
}

static bool is_known_domain(const char *domain) {
    return !domain || !domain[0] || strcmp(domain, "ai.onnx") == 0 || strcmp(domain, "com.microsoft") == 0;
}

/* Doubles an array of structs when it is full. */
static mdg_status grow(mdg_onx *in, int count, int *room, size_t size, void **items) {
    if (count < *room) return MDG_OK;
    void *more;
    MDG_TRY(mdg_onx_alloc(in, 2 * (size_t)count + 8, size, &more));
    if (count) memcpy(more, *items, (size_t)count * size);
    *room = 2 * count + 8;
    *items = more;
    return MDG_OK;
}

static mdg_status check_inputs(const mdg_onx *in, const mdg_onx_node *n) {
    const mdg_onx_op *op = n->op;
    if (n->n_inputs >= op->min_inputs && n->n_inputs <= op->max_inputs) return MDG_OK;
    return mdg_onx_fail(in, MDG_INVALID, "it has %d inputs, expected are %d to %d", n->n_inputs,
                        op->min_inputs, op->max_inputs);
}

static mdg_status add_node(mdg_onx *in, const mdg_onx_node *like, const char *op, int n_inputs,
                           mdg_onx_node **out) {
    MDG_TRY(grow(in, in->n_nodes, &in->room_nodes, sizeof *in->nodes, (void **)&in->nodes));
    mdg_onx_node *n = &in->nodes[in->n_nodes++];
    *n = (mdg_onx_node){.proto = like->proto, .index = like->index, .op = mdg_onx_op_find(op)};
    n->n_inputs = n_inputs;
    n->n_outputs = 1;
    MDG_TRY(mdg_onx_alloc(in, (size_t)n_inputs + 1, sizeof *n->inputs, (void **)&n->inputs));
    MDG_TRY(mdg_onx_alloc(in, 1, sizeof *n->outputs, (void **)&n->outputs));
    *out = n;
    return check_inputs(in, n);
}

/* A value that only midge knows. */
static mdg_status add_value(mdg_onx *in, const char *name, int *out) {
    MDG_TRY(grow(in, in->n_values, &in->room_values, sizeof *in->values, (void **)&in->values));
    in->values[in->n_values] = (mdg_onx_value){.name = name, .tensor = -1, .real = -1, .user = -1};
    *out = in->n_values++;
    return MDG_OK;
}

/* Q or DQ with the inputs (number, scale, zero point) that stand at `from` in the QOperator. */
static mdg_status add_linear(mdg_onx *in, const mdg_onx_node *q, const char *op, int number, const int *from,
                             int result) {
    mdg_onx_node *n;
    MDG_TRY(add_node(in, q, op, 3, &n));
    const Onnx__AttributeProto *transposed = mdg_onx_attr(q, "transB");
    n->has_axis = true; /* weights: a convolution's outputs come first, a product's last */
    n->axis = strcmp(q->proto->op_type, "QLinearConv") == 0 || (transposed && transposed->i) ? 0 : -1;
    n->inputs[0] = number;
    n->inputs[1] = from[0];
    n->inputs[2] = from[1];
    n->outputs[0] = result;
    return MDG_OK;
}

/* The operands, in order, as values of the inner operator; *scale gets the output's scale and zero point. */
static mdg_status expand_operands(mdg_onx *in, const mdg_onx_node *q, const char *kinds, int *operands,
                                  int *n, const int **scale) {
    char kind = 0;
    for (int at = 0; at < q->n_inputs; at += kind == 'd' ? 3 : kind == 'o' ? 2 : 1) {
        if (*kinds && *kinds != '*') kind = *kinds++;
        const int left = q->n_inputs - at;
        MDG_TRY(mdg_onx_need(in, left >= (kind == 'd' ? 3 : kind == 'o' ? 2 : 1), "an input is missing"));
        if (kind == 'o') {
            *scale = q->inputs + at;
        } else if (kind == 'r' || q->inputs[at] < 0) {
            operands[(*n)++] = q->inputs[at];
        } else {
            int real;
            MDG_TRY(add_value(in, in->values[q->inputs[at]].name, &real));
            MDG_TRY(add_linear(in, q, "DequantizeLinear", q->inputs[at], q->inputs + at + 1, real));
            operands[(*n)++] = real;
        }
    }
    return mdg_onx_need(in, *scale != NULL, "the output's scale is missing");
}

static mdg_status expand(mdg_onx *in, const mdg_onx_node *q, const qoperator *kind) {
    int *operands, n = 0, real;
    const int *scale = NULL;
    mdg_onx_node *inner;
    MDG_TRY(mdg_onx_alloc(in, (size_t)q->n_inputs + 1, sizeof *operands, (void **)&operands));
    MDG_TRY(expand_operands(in, q, kind->inputs, operands, &n, &scale));
    MDG_TRY(mdg_onx_need(in, q->n_outputs == 1 && q->outputs[0] >= 0, "it has not one output"));
    MDG_TRY(add_value(in, in->values[q->outputs[0]].name, &real));
    MDG_TRY(add_node(in, q, kind->inner, n, &inner));
    memcpy(inner->inputs, operands, (size_t)n * sizeof *operands);
    inner->outputs[0] = real;
    return add_linear(in, q, "QuantizeLinear", real, scale, q->outputs[0]);
}

static mdg_status read_inputs(mdg_onx *in, mdg_onx_node *n) {
    const Onnx__NodeProto *p = n->proto;
    MDG_TRY(mdg_onx_alloc(in, p->n_input + 1, sizeof *n->inputs, (void **)&n->inputs));
    MDG_TRY(mdg_onx_alloc(in, p->n_output + 1, sizeof *n->outputs, (void **)&n->outputs));
    n->n_inputs = (int)p->n_input;
    n->n_outputs = (int)p->n_output;
    for (int k = 0; k < n->n_inputs; k++) {
        n->inputs[k] = mdg_onx_find_name(in, p->input[k]);
        if (n->inputs[k] < 0 && p->input[k][0])
            return mdg_onx_fail(in, MDG_INVALID, "its input \"%.80s\" comes from nowhere",
                                mdg_onx_clean(in, p->input[k]));
    }
    for (int k = 0; k < n->n_outputs; k++) n->outputs[k] = mdg_onx_find_name(in, p->output[k]);
    return MDG_OK;
}

/* A Constant is an initialiser that stands among the nodes. */
static mdg_status read_constant_node(mdg_onx *in, const mdg_onx_node *n) {
    const Onnx__AttributeProto *a = mdg_onx_attr(n, "value");
    MDG_TRY(mdg_onx_need(in, n->n_outputs == 1 && n->outputs[0] >= 0, "it has not one output"));
    mdg_onx_value *v = &in->values[n->outputs[0]], constant = {.type = MDG_INT64};
    MDG_TRY(mdg_onx_need(in, !v->is_known, "its output has a value already"));
    if (a && a->t) {
        MDG_TRY(mdg_onx_read_constant(in, a->t, &constant));
    } else {
        const char *names[] = {"value_float", "value_int", "value_floats", "value_ints"};
        for (int k = 0; k < 4 && !constant.data; k++) {
            a = mdg_onx_attr(n, names[k]);
            if (!a) continue;
            const bool is_float = k % 2 == 0, is_list = k >= 2;
            const size_t count = !is_list ? 1 : is_float ? a->n_floats : a->n_ints;
            MDG_TRY(mdg_onx_need(in, count <= INT32_MAX, "too many numbers"));
            const mdg_shape shape = {.rank = is_list, .dim = {(int32_t)count}};
            constant.view = mdg_onx_view_plain(&shape);
            constant.type = is_float ? MDG_FLOAT32 : MDG_INT64;
            constant.data = is_list ? (is_float ? (const void *)a->floats : a->ints)
                                    : (is_float ? (const void *)&a->f : &a->i);
        }
    }
    MDG_TRY(mdg_onx_need(in, constant.data != NULL, "a constant without numbers"));
    v->type = v->stored = constant.type;
    v->view = constant.view;
    v->data = constant.data;
    v->is_known = true;
    return MDG_OK;
}

static mdg_status collect(mdg_onx *in, mdg_onx_node *n, const char *op) {
    const qoperator *q = find_qoperator(op);
    MDG_TRY(read_inputs(in, n));
    if (strcmp(op, "Constant") == 0) return read_constant_node(in, n);
    if (q) return expand(in, n, q);
    n->op = mdg_onx_op_find(op);
    if (!n->op || !is_known_domain(n->proto->domain))
        return mdg_onx_fail(in, MDG_UNSUPPORTED,
                            "this operator is not supported; docs/ONNX.md lists what is");
    MDG_TRY(check_inputs(in, n));
    MDG_TRY(mdg_onx_need(in, n->n_outputs > 0 && n->outputs[0] >= 0, "it has no output"));
    MDG_TRY(grow(in, in->n_nodes, &in->room_nodes, sizeof *in->nodes, (void **)&in->nodes));
    in->nodes[in->n_nodes++] = *n;
    return MDG_OK;
}

static void count_uses(mdg_onx *in) {
    for (int i = 0; i < in->n_nodes; i++) {
        const mdg_onx_node *n = &in->nodes[i];
        if (strcmp(n->op->name, "Shape") == 0) continue; /* reads no element */
        for (int k = 0; k < n->n_inputs; k++) {
            if (n->inputs[k] < 0) continue;
            mdg_onx_value *v = &in->values[n->inputs[k]];
            if (v->n_uses++ == 0) v->user = i;
        }
    }
}

static void mark_maps(mdg_onx *in) {
    for (int i = in->n_nodes; i-- > 0;) {
        const mdg_onx_node *n = &in->nodes[i];
        const bool is_map = n->op->layout == MDG_ONX_SPATIAL ||
                            (n->op->layout == MDG_ONX_KEEPS && in->values[n->outputs[0]].leads_to_map);
        for (int k = 0; k < n->n_inputs && is_map; k++)
            if (n->inputs[k] >= 0) in->values[n->inputs[k]].leads_to_map = true;
    }
}

mdg_status mdg_onx_collect_nodes(mdg_onx *in) {
    const Onnx__GraphProto *g = in->model->graph;
    for (size_t i = 0; i < g->n_node; i++) {
        mdg_onx_node n = {.proto = g->node[i], .index = (int)i};
        in->node = &n;
        const mdg_status status = collect(in, &n, g->node[i]->op_type ? g->node[i]->op_type : "");
        in->node = NULL;
        if (status != MDG_OK) return status;
    }
    count_uses(in);
    mark_maps(in);
    return MDG_OK;
}
