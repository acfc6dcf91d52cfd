/* SPDX-License-Identifier: MIT
 *
 * Which tensors of two models are the same layer.
 */
#include <string.h>

#include "compare/parts.h"

static bool is_written(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_calls && buffer >= 0; i++)
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] == buffer) return true;
    return false;
}

static void add_layer(mdg_layers *l, const mdg_program *p, int tensor, int op) {
    const mdg_tensor *t = &l->subgraph->tensors[tensor];
    if (!mdg_value_has_type(t->type) || (op >= 0 && !is_written(p, p->tensor_buffer[tensor]))) return;
    l->tensor[l->n] = tensor;
    l->op[l->n] = op;
    l->partner[l->n++] = -1;
}

mdg_layers mdg_layers_of(const mdg_program *p, mdg_arena *arena) {
    const mdg_subgraph *s = &p->graph->subgraphs[0];
    size_t room = (size_t)s->n_inputs;
    for (int i = 0; i < s->n_ops; i++) room += (size_t)s->ops[i].n_outputs;
    mdg_layers l = {.subgraph = s};
    l.tensor = mdg_arena_array(arena, room, sizeof *l.tensor);
    l.op = mdg_arena_array(arena, room, sizeof *l.op);
    l.partner = mdg_arena_array(arena, room, sizeof *l.partner);
    for (int k = 0; k < s->n_inputs; k++) add_layer(&l, p, s->inputs[k], -1);
    for (int i = 0; i < s->n_ops; i++)
        for (int k = 0; k < s->ops[i].n_outputs; k++)
            if (s->ops[i].outputs[k] >= 0) add_layer(&l, p, s->ops[i].outputs[k], i);
    return l;
}

static const mdg_tensor *tensor_of(const mdg_layers *l, int i) {
    return &l->subgraph->tensors[l->tensor[i]];
}

static int layer_of_tensor(const mdg_layers *l, int tensor) {
    for (int i = 0; i < l->n; i++)
        if (l->tensor[i] == tensor) return i;
    return -1;
}

static void pair(mdg_layers *a, mdg_layers *b, int i, int j) {
    a->partner[i] = j;
    b->partner[j] = i;
}

static bool same_elements(const mdg_tensor *a, const mdg_tensor *b) {
    return mdg_shape_elements(&a->shape) == mdg_shape_elements(&b->shape);
}

/* Inputs, or outputs, of the same number */
static mdg_status match_ends(mdg_layers *a, mdg_layers *b, bool outputs, mdg_diag *diag) {
    const char *what = outputs ? "output" : "input";
    const int n_a = outputs ? a->subgraph->n_outputs : a->subgraph->n_inputs;
    const int n_b = outputs ? b->subgraph->n_outputs : b->subgraph->n_inputs;
    if (n_a != n_b)
        return mdg_fail(diag, MDG_INVALID, "the models have %d and %d %ss: there is nothing to compare", n_a,
                        n_b, what);
    for (int k = 0; k < n_a; k++) {
        const int t_a = outputs ? a->subgraph->outputs[k] : a->subgraph->inputs[k];
        const int t_b = outputs ? b->subgraph->outputs[k] : b->subgraph->inputs[k];
        if (!same_elements(&a->subgraph->tensors[t_a], &b->subgraph->tensors[t_b]))
            return mdg_fail(diag, MDG_INVALID, "%s %d of the models has not as many elements in both", what,
                            k);
        const int i = layer_of_tensor(a, t_a), j = layer_of_tensor(b, t_b);
        if (i >= 0 && j >= 0 && a->partner[i] < 0 && b->partner[j] < 0) pair(a, b, i, j);
    }
    return MDG_OK;
}

static void match_names(mdg_layers *a, mdg_layers *b) {
    for (int i = 0; i < a->n; i++) {
        const mdg_tensor *x = tensor_of(a, i);
        if (a->partner[i] >= 0 || !x->name || !x->name[0]) continue;
        for (int j = 0; j < b->n && a->partner[i] < 0; j++) {
            const mdg_tensor *y = tensor_of(b, j);
            if (b->partner[j] < 0 && y->name && strcmp(x->name, y->name) == 0 && same_elements(x, y))
                pair(a, b, i, j);
        }
    }
}

static bool is_alike(const mdg_layers *a, int i, const mdg_layers *b, int j) {
    return a->op[i] >= 0 && b->op[j] >= 0 && b->partner[j] < 0 &&
           a->subgraph->ops[a->op[i]].code == b->subgraph->ops[b->op[j]].code &&
           mdg_shape_equal(&tensor_of(a, i)->shape, &tensor_of(b, j)->shape);
}

/* The partner of the next layer behind i that has one behind j */
static int next_partner(const mdg_layers *a, int i, int j, int end) {
    for (i++; i < a->n; i++)
        if (a->partner[i] > j) return a->partner[i];
    return end;
}

/* What is left, between its neighbours that have found each other: the first of the same operator and shape
 */
static void match_order(mdg_layers *a, mdg_layers *b) {
    int last = -1;
    for (int i = 0; i < a->n; i++) {
        const int end = next_partner(a, i, last, b->n);
        for (int j = last + 1; j < end && a->partner[i] < 0; j++)
            if (is_alike(a, i, b, j)) pair(a, b, i, j);
        if (a->partner[i] > last) last = a->partner[i];
    }
}

mdg_status mdg_layers_match(mdg_layers *a, mdg_layers *b, mdg_diag *diag) {
    MDG_TRY(match_ends(a, b, false, diag));
    MDG_TRY(match_ends(a, b, true, diag));
    match_names(a, b);
    match_order(a, b);
    return MDG_OK;
}
