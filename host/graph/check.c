/* SPDX-License-Identifier: MIT */
#include "graph/graph.h"

#include <math.h>

#include "graph/op_table.h"

/* Where in the graph the check is, for messages. */
typedef struct place {
    const mdg_graph *graph;
    int subgraph;
    mdg_diag *diag;
} place;

static const mdg_subgraph *here(const place *p) {
    return &p->graph->subgraphs[p->subgraph];
}

static mdg_status bad_tensor(const place *p, int index, const char *cause) {
    return mdg_fail(p->diag, MDG_INVALID, "%s: subgraph %d: tensor %d \"%.80s\": %s", p->graph->source,
                    p->subgraph, index, here(p)->tensors[index].name, cause);
}

static mdg_status bad_op(const place *p, int index, const char *what, int k, const char *cause) {
    return mdg_fail(p->diag, MDG_INVALID, "%s: subgraph %d: op %d %.80s: %s %d %s", p->graph->source,
                    p->subgraph, index, mdg_op_name(&here(p)->ops[index]), what, k, cause);
}

/* The values that a zero point of this type may have. */
static bool zero_point_fits(mdg_type type, int32_t z) {
    switch (type) {
    case MDG_INT4: return z >= -8 && z <= 7;
    case MDG_INT8: return z >= INT8_MIN && z <= INT8_MAX;
    case MDG_UINT8: return z >= 0 && z <= UINT8_MAX;
    case MDG_INT16: return z >= INT16_MIN && z <= INT16_MAX;
    default: return true;
    }
}

static mdg_status check_quant(const place *p, int index, const mdg_tensor *t) {
    const mdg_quant *q = &t->quant;
    if (q->count < 0 || (q->count && (!q->scale || !q->zero_point)))
        return bad_tensor(p, index, "broken quantisation");
    if (q->count > 1 && (q->axis < 0 || q->axis >= t->shape.rank))
        return bad_tensor(p, index, "quantised along an axis that it does not have");
    if (q->count > 1 && t->shape.dim[q->axis] != q->count)
        return bad_tensor(p, index, "the number of scales is not that of its channels");
    for (int c = 0; c < q->count; c++) {
        if (!isfinite(q->scale[c]) || q->scale[c] < 0)
            return bad_tensor(p, index, "a scale is negative or not finite");
        if (!zero_point_fits(t->type, q->zero_point[c]))
            return bad_tensor(p, index, "a zero point lies outside the range of its type");
    }
    return MDG_OK;
}

static mdg_status check_tensor(const place *p, int index) {
    const mdg_tensor *t = &here(p)->tensors[index];
    if (!mdg_shape_is_sane(&t->shape)) return bad_tensor(p, index, "its shape is negative or too large");
    const int64_t elements = mdg_shape_elements(&t->shape);
    if (elements * (int64_t)mdg_type_bits(t->type) / 8 > INT32_MAX)
        return bad_tensor(p, index, "larger than 2 GB");
    if (t->bytes != mdg_tensor_bytes(t))
        return bad_tensor(p, index, "its data has not the size of its shape and type");
    return check_quant(p, index, t);
}

/* has_value: which tensors hold one before the operators run: inputs, constants, state. */
static mdg_status check_ends(const place *p, bool *has_value) {
    const mdg_subgraph *s = here(p);
    for (int i = 0; i < s->n_tensors; i++) {
        const mdg_tensor *t = &s->tensors[i];
        MDG_TRY(check_tensor(p, i));
        has_value[i] = t->data || t->is_variable || (t->bytes == 0 && mdg_type_bits(t->type) > 0);
    }
    for (int i = 0; i < s->n_inputs + s->n_outputs; i++) {
        const bool is_input = i < s->n_inputs;
        const int32_t t = is_input ? s->inputs[i] : s->outputs[i - s->n_inputs];
        if (t < 0 || t >= s->n_tensors) {
            return mdg_fail(p->diag, MDG_INVALID, "%s: subgraph %d: %s %d is tensor %d of %d",
                            p->graph->source, p->subgraph, is_input ? "input" : "output",
                            is_input ? i : i - s->n_inputs, (int)t, s->n_tensors);
        }
        if (is_input) has_value[t] = true;
    }
    return MDG_OK;
}

static mdg_status check_op_inputs(const place *p, int index, const bool *has_value) {
    const mdg_subgraph *s = here(p);
    const mdg_op *op = &s->ops[index];
    for (int k = 0; k < op->n_inputs; k++) {
        const int32_t t = op->inputs[k];
        if (t < -1 || t >= s->n_tensors) return bad_op(p, index, "input", k, "is no tensor of the subgraph");
        if (t >= 0 && !has_value[t])
            return bad_op(p, index, "input", k, "is read before anything has written it");
    }
    for (int k = 0; k < op->n_intermediates; k++) {
        const int32_t t = op->intermediates[k];
        if (t < -1 || t >= s->n_tensors)
            return bad_op(p, index, "intermediate", k, "is no tensor of the subgraph");
    }
    return MDG_OK;
}

static mdg_status check_op_outputs(const place *p, int index, bool *has_value) {
    const mdg_subgraph *s = here(p);
    const mdg_op *op = &s->ops[index];
    for (int k = 0; k < op->n_outputs; k++) {
        const int32_t t = op->outputs[k];
        if (t < 0 || t >= s->n_tensors) return bad_op(p, index, "output", k, "is no tensor of the subgraph");
        const mdg_tensor *y = &s->tensors[t];
        if (y->data) return bad_op(p, index, "output", k, "is a constant");
        if (has_value[t] && !y->is_variable && y->bytes > 0)
            return bad_op(p, index, "output", k, "is an input or has been written before");
        has_value[t] = true;
    }
    return MDG_OK;
}

/* The subgraphs that an operator calls, at most two. */
static int called_subgraphs(const mdg_op *op, int32_t *called) {
    const mdg_attr_list *list = mdg_attrs_of(op->code);
    if (op->code != MDG_OP_IF && op->code != MDG_OP_WHILE && op->code != MDG_OP_CALL_ONCE) return 0;
    for (int i = 0; i < list->n_fields; i++)
        called[i] = (int32_t)mdg_attr_number(&list->fields[i], op->attrs);
    return list->n_fields;
}

static mdg_status check_op(const place *p, int index, bool *has_value) {
    const mdg_op *op = &here(p)->ops[index];
    if (mdg_attrs_of(op->code)->n_fields > 0 && !op->attrs)
        return bad_op(p, index, "attributes", 0, "are missing");
    int32_t called[2];
    const int n = called_subgraphs(op, called);
    for (int i = 0; i < n; i++) {
        if (called[i] < 0 || called[i] >= p->graph->n_subgraphs)
            return bad_op(p, index, "subgraph", called[i],
                          "is called, but the model has none of that number");
    }
    MDG_TRY(check_op_inputs(p, index, has_value));
    return check_op_outputs(p, index, has_value);
}

static mdg_status check_subgraph(const place *p) {
    const mdg_subgraph *s = here(p);
    bool *has_value = mdg_arena_array(p->graph->arena, (size_t)s->n_tensors, sizeof *has_value);
    MDG_TRY(check_ends(p, has_value));
    for (int i = 0; i < s->n_ops; i++) MDG_TRY(check_op(p, i, has_value));
    for (int i = 0; i < s->n_outputs; i++) {
        if (!has_value[s->outputs[i]])
            return bad_tensor(p, s->outputs[i], "is an output, but nothing writes it");
    }
    return MDG_OK;
}

/* How deep subgraphs may call each other; a limit, so that running them needs bounded stack. */
enum { MAX_CALL_DEPTH = 32 };

static bool calls_only_settled(const mdg_subgraph *s, const bool *settled) {
    for (int i = 0; i < s->n_ops; i++) {
        int32_t called[2];
        const int n = called_subgraphs(&s->ops[i], called);
        for (int c = 0; c < n; c++) {
            if (!settled[called[c]]) return false;
        }
    }
    return true;
}

/* In each round, subgraphs that call only settled ones are settled; those in a circle never are. */
static mdg_status check_calls(const mdg_graph *g, mdg_diag *diag) {
    bool *settled = mdg_arena_array(g->arena, (size_t)g->n_subgraphs, sizeof *settled);
    for (int round = 0; round < MAX_CALL_DEPTH; round++) {
        for (int i = 0; i < g->n_subgraphs; i++) {
            if (!settled[i]) settled[i] = calls_only_settled(&g->subgraphs[i], settled);
        }
    }
    for (int i = 0; i < g->n_subgraphs; i++) {
        if (!settled[i])
            return mdg_fail(diag, MDG_INVALID, "%s: subgraph %d: calls itself, or calls nest deeper than %d",
                            g->source, i, MAX_CALL_DEPTH);
    }
    return MDG_OK;
}

mdg_status mdg_graph_check(const mdg_graph *g, mdg_diag *diag) {
    if (g->n_subgraphs < 1) return mdg_fail(diag, MDG_INVALID, "%s: the model has no subgraph", g->source);
    for (int i = 0; i < g->n_subgraphs; i++) {
        const place p = {g, i, diag};
        MDG_TRY(check_subgraph(&p));
    }
    return check_calls(g, diag);
}
