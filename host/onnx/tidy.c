/* SPDX-License-Identifier: MIT
 *
 * After all nodes: RESHAPEs of RESHAPEs become one or none, what no output needs is left out.
 */
#include "onnx/importer.h"

#include <string.h>

static bool is_end(const mdg_subgraph *s, int tensor) {
    for (int i = 0; i < s->n_outputs; i++)
        if (s->outputs[i] == tensor) return true;
    return false;
}

/* instead[t]: the tensor that is read where t was; source[t]: what t is a RESHAPE of, or -1. */
static void join_reshapes(mdg_graph *g, mdg_subgraph *s) {
    const size_t n = (size_t)s->n_tensors;
    int *instead = mdg_arena_array(g->arena, n, sizeof *instead),
        *source = mdg_arena_array(g->arena, n, sizeof *source);
    for (int t = 0; t < s->n_tensors; t++) instead[t] = t, source[t] = -1;
    for (int i = 0; i < s->n_ops; i++) {
        mdg_op *op = &s->ops[i];
        for (int k = 0; k < op->n_inputs; k++)
            if (op->inputs[k] >= 0) op->inputs[k] = instead[op->inputs[k]];
        if (op->code != MDG_OP_RESHAPE) continue;
        const int y = op->outputs[0];
        if (source[op->inputs[0]] >= 0) op->inputs[0] = source[op->inputs[0]];
        source[y] = op->inputs[0];
        if (mdg_shape_equal(&s->tensors[y].shape, &s->tensors[source[y]].shape) && !is_end(s, y))
            instead[y] = source[y];
    }
}

static void drop_dead_ops(mdg_subgraph *s, bool *is_used) {
    int kept = s->n_ops;
    for (int i = 0; i < s->n_inputs; i++) is_used[s->inputs[i]] = true;
    for (int i = 0; i < s->n_outputs; i++) is_used[s->outputs[i]] = true;
    for (int i = s->n_ops; i-- > 0;) {
        const mdg_op op = s->ops[i];
        if (!is_used[op.outputs[0]]) continue;
        for (int k = 0; k < op.n_inputs; k++)
            if (op.inputs[k] >= 0) is_used[op.inputs[k]] = true;
        s->ops[--kept] = op;
    }
    memmove(s->ops, s->ops + kept, (size_t)(s->n_ops - kept) * sizeof *s->ops);
    s->n_ops -= kept;
}

static void renumber(int32_t *tensors, int n, const int *number) {
    for (int i = 0; i < n; i++)
        if (tensors[i] >= 0) tensors[i] = number[tensors[i]];
}

static void drop_unused_tensors(mdg_subgraph *s, const bool *is_used, int *number) {
    int n = 0;
    for (int t = 0; t < s->n_tensors; t++) {
        if (!is_used[t]) continue;
        number[t] = n;
        s->tensors[n++] = s->tensors[t];
    }
    s->n_tensors = n;
    for (int i = 0; i < s->n_ops; i++) {
        renumber(s->ops[i].inputs, s->ops[i].n_inputs, number);
        renumber(s->ops[i].outputs, s->ops[i].n_outputs, number);
    }
    renumber(s->inputs, s->n_inputs, number);
    renumber(s->outputs, s->n_outputs, number);
}

void mdg_onx_tidy(mdg_graph *g) {
    mdg_subgraph *s = &g->subgraphs[0];
    const size_t n = (size_t)s->n_tensors;
    bool *is_used = mdg_arena_array(g->arena, n, sizeof *is_used);
    int *number = mdg_arena_array(g->arena, n, sizeof *number);
    join_reshapes(g, s);
    drop_dead_ops(s, is_used);
    drop_unused_tensors(s, is_used, number);
}
