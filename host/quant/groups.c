/* SPDX-License-Identifier: MIT */
#include "quant/quantizer.h"

#include <string.h>

static int root_of(const mdg_quantizer *q, int tensor) {
    while (q->nodes[tensor].parent != tensor) tensor = q->nodes[tensor].parent;
    return tensor;
}

mdg_quant_node *mdg_quantizer_group(const mdg_quantizer *q, int tensor) {
    return &q->nodes[root_of(q, tensor)];
}

static bool is_float(const mdg_quantizer *q, int tensor) {
    return tensor >= 0 && q->subgraph->tensors[tensor].type == MDG_FLOAT32;
}

static bool is_parameter(const mdg_quant_rule *rule, int input) {
    return rule->kind == MDG_QUANT_WEIGHTED && (input == rule->weights || input == rule->bias);
}

static void join(mdg_quantizer *q, int a, int b) {
    if (is_float(q, a) && is_float(q, b)) q->nodes[root_of(q, b)].parent = root_of(q, a);
}

/* Everything that the operator reads and writes. */
static void join_all(mdg_quantizer *q, const mdg_op *op) {
    for (int k = 0; k < op->n_inputs; k++) join(q, op->outputs[0], op->inputs[k]);
    for (int k = 1; k < op->n_outputs; k++) join(q, op->outputs[0], op->outputs[k]);
}

static void mark_activations(mdg_quantizer *q) {
    const mdg_subgraph *s = q->subgraph;
    for (int k = 0; k < s->n_inputs; k++) q->nodes[s->inputs[k]].activation = is_float(q, s->inputs[k]);
    for (int i = 0; i < s->n_ops; i++) {
        const mdg_op *op = &s->ops[i];
        for (int k = 0; k < op->n_inputs; k++)
            if (is_float(q, op->inputs[k]) && !is_parameter(mdg_quant_rule_of(op), k))
                q->nodes[op->inputs[k]].activation = true;
        for (int k = 0; k < op->n_outputs; k++) {
            q->nodes[op->outputs[k]].activation = is_float(q, op->outputs[k]);
            q->nodes[op->outputs[k]].producer = i;
        }
    }
}

/* What a SAME operator writes lies within what it reads, so that only its inputs count. */
static void mark_observed(mdg_quantizer *q) {
    for (int t = 0; t < q->subgraph->n_tensors; t++) {
        mdg_quant_node *node = &q->nodes[t];
        const int producer = node->producer;
        const bool copied =
            producer >= 0 && mdg_quant_rule_of(&q->subgraph->ops[producer])->kind == MDG_QUANT_SAME;
        node->observed = node->activation && !copied;
    }
}

static mdg_status fail_conflict(const mdg_quantizer *q, int fixed_by, int tensor, mdg_diag *diag) {
    const mdg_affine fixed = mdg_quant_rule_of(&q->subgraph->ops[fixed_by])->fixed;
    return mdg_fail(
        diag, MDG_UNSUPPORTED,
        "%s: op %d %s: its output has the fixed scale %g, which tensor '%s' would have to share; put an "
        "operator with a scale of its own (ADD, MUL, MEAN) between them",
        q->graph->source, fixed_by, mdg_op_name(&q->subgraph->ops[fixed_by]), (double)fixed.scale,
        q->subgraph->tensors[tensor].name);
}

/* Whether the tensor can live with the scale that `fixed_by` gives its group. */
static bool accepts_fixed(const mdg_quantizer *q, int tensor, int fixed_by) {
    const mdg_quant_node *node = &q->nodes[tensor];
    if (!node->observed || node->producer == fixed_by) return true;
    return node->producer >= 0 && q->subgraph->ops[node->producer].code == q->subgraph->ops[fixed_by].code;
}

static mdg_status fix_scales(mdg_quantizer *q, mdg_diag *diag) {
    const mdg_subgraph *s = q->subgraph;
    for (int i = 0; i < s->n_ops; i++)
        if (mdg_quant_rule_of(&s->ops[i])->kind == MDG_QUANT_FIXED)
            mdg_quantizer_group(q, s->ops[i].outputs[0])->fixed_by = i;
    for (int t = 0; t < s->n_tensors; t++) {
        const int fixed_by = mdg_quantizer_group(q, t)->fixed_by;
        if (fixed_by >= 0 && !accepts_fixed(q, t, fixed_by)) return fail_conflict(q, fixed_by, t, diag);
    }
    return MDG_OK;
}

/* "gru/output@3" is what "gru/output@2" was a step before: one quantity, one scale. So the layers of all
 * steps become the same numbers, which are stored once. */
static bool is_same_quantity(const char *a, const char *b) {
    const char *at = a ? strrchr(a, '@') : NULL;
    const size_t n = at ? (size_t)(at - a) + 1 : 0;
    return at && b && strncmp(a, b, n) == 0 && !strchr(b + n, '@');
}

static void join_steps(mdg_quantizer *q) {
    const mdg_subgraph *s = q->subgraph;
    for (int b = 1; b < s->n_tensors; b++) {
        if (!q->nodes[b].activation || !s->tensors[b].name || !strchr(s->tensors[b].name, '@')) continue;
        for (int a = b - 1; a >= 0; a--) {
            if (!q->nodes[a].activation || !is_same_quantity(s->tensors[b].name, s->tensors[a].name))
                continue;
            join(q, a, b);
            break;
        }
    }
}

mdg_status mdg_quantizer_find_groups(mdg_quantizer *q, mdg_diag *diag) {
    const mdg_subgraph *s = q->subgraph;
    q->nodes = mdg_arena_array(q->arena, (size_t)s->n_tensors, sizeof *q->nodes);
    for (int t = 0; t < s->n_tensors; t++)
        q->nodes[t] = (mdg_quant_node){.parent = t, .producer = -1, .fixed_by = -1};
    mark_activations(q);
    mark_observed(q);
    for (int i = 0; i < s->n_ops; i++)
        if (mdg_quant_rule_of(&s->ops[i])->kind == MDG_QUANT_SAME) join_all(q, &s->ops[i]);
    join_steps(q);
    return fix_scales(q, diag);
}
