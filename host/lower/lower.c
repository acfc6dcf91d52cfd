/* SPDX-License-Identifier: MIT
 *
 * The driver: graph to program, operator by operator.
 */
#include "lower/lower.h"

#include <fnmatch.h>
#include <stdio.h>
#include <string.h>

#define R(operator, rule, ...) extern const mdg_rule mdg_rule_##rule;
#include "lower/lower.def"
#undef R

enum { MAX_DEPTH = 16, MAX_CALLS = 100000 };

/* Work of one operator: seconds on a desktop, hours on a microcontroller. More is a corrupted shape. */
static const int64_t MAX_MACS = (int64_t)1 << 34;

const mdg_rule *mdg_rule_of(mdg_opcode code) {
    static const mdg_rule *const rules[MDG_OP_COUNT] = {
#define R(operator, rule, ...) [MDG_OP_##operator] = &mdg_rule_##rule,
#include "lower/lower.def"
#undef R
    };
    return code < MDG_OP_COUNT ? rules[code] : NULL;
}

const char *mdg_restrictions_of(mdg_opcode code) {
    static const char *const restrictions[MDG_OP_COUNT] = {
#define R(operator, rule, ...) [MDG_OP_##operator] = "" __VA_ARGS__,
#include "lower/lower.def"
#undef R
    };
    return code < MDG_OP_COUNT && restrictions[code] ? restrictions[code] : "";
}

/* Text that is cut off where it does not fit; it only has to match and to be read. */
typedef struct text {
    char chars[512];
    size_t used;
} text;

static void append(text *t, const char *piece) {
    const int n = snprintf(t->chars + t->used, sizeof t->chars - t->used, "%s", piece);
    t->used += (size_t)n;
    if (t->used >= sizeof t->chars) t->used = sizeof t->chars - 1;
}

/* "int8,int8,int32->int8" */
static text types_of(const mdg_lowering *lo) {
    const mdg_op *op = lo->op;
    text t = {.used = 0};
    int n = op->n_inputs;
    while (n > 0 && op->inputs[n - 1] < 0) n--;
    for (int k = 0; k < n; k++) {
        const mdg_tensor *x = mdg_lo_input(lo, k);
        if (k) append(&t, ",");
        append(&t, x ? mdg_type_text(x->type) : "none");
    }
    append(&t, "->");
    for (int k = 0; k < op->n_outputs; k++) {
        if (k) append(&t, ",");
        append(&t, mdg_type_text(mdg_lo_output(lo, k)->type));
    }
    return t;
}

static mdg_status pick_variant(mdg_lowering *lo, const mdg_rule *rule) {
    const text types = types_of(lo);
    text known = {.used = 0};
    for (int i = 0; i < rule->n_variants; i++) {
        if (fnmatch(rule->variants[i].types, types.chars, 0) == 0) {
            lo->kernel = rule->variants[i].kernel;
            return MDG_OK;
        }
        if (i) append(&known, ", ");
        append(&known, rule->variants[i].types);
    }
    return mdg_lo_fail(lo, MDG_UNSUPPORTED, "types %s are not supported; supported: %s", types.chars,
                       known.chars);
}

static bool is_empty(const mdg_tensor *t) {
    return mdg_shape_elements(&t->shape) == 0;
}

static mdg_status check_tensor(const mdg_lowering *lo, const mdg_tensor *t) {
    if (is_empty(t) && !lo->rule->takes_empty)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "tensor \"%s\" is empty", t->name);
    if (mdg_tensor_bytes(t) > MDG_MAX_TENSOR_BYTES)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "tensor \"%s\" is larger than 256 MiB", t->name);
    return MDG_OK;
}

/* The shape of a scalar, or no axes at all */
static bool is_empty_list(const mdg_tensor *t) {
    return (t->type == MDG_INT32 || t->type == MDG_INT64) && is_empty(t);
}

static mdg_status check_inputs(const mdg_lowering *lo, const mdg_rule *rule) {
    const mdg_op *op = lo->op;
    if (op->n_inputs < rule->min_inputs || (rule->max_inputs >= 0 && op->n_inputs > rule->max_inputs))
        return mdg_lo_fail(lo, MDG_INVALID, "%d inputs, expected %d to %d", op->n_inputs, rule->min_inputs,
                           rule->max_inputs);
    for (int k = 0; k < op->n_inputs; k++) {
        const mdg_tensor *t = mdg_lo_input(lo, k);
        if (!t && k < rule->min_inputs) return mdg_lo_fail(lo, MDG_INVALID, "input %d is missing", k);
        if (!t) continue;
        if (k > 0 && is_empty_list(t)) continue;
        MDG_TRY(check_tensor(lo, t));
        if (!t->data && !t->is_variable && !is_empty(t) && lo->tensor_buffer[op->inputs[k]] < 0)
            return mdg_lo_fail(lo, MDG_INVALID, "input \"%s\" is never computed", t->name);
    }
    return MDG_OK;
}

static mdg_status check_outputs(const mdg_lowering *lo, const mdg_rule *rule) {
    const mdg_op *op = lo->op;
    if (rule->outputs >= 0 ? op->n_outputs != rule->outputs : op->n_outputs < 1)
        return mdg_lo_fail(lo, MDG_INVALID, "%d outputs, expected %d", op->n_outputs, rule->outputs);
    for (int k = 0; k < op->n_outputs; k++) {
        if (op->outputs[k] < 0) return mdg_lo_fail(lo, MDG_INVALID, "output %d is missing", k);
        const mdg_tensor *t = mdg_lo_output(lo, k);
        MDG_TRY(check_tensor(lo, t));
        if (t->data) return mdg_lo_fail(lo, MDG_INVALID, "output \"%s\" is a constant", t->name);
    }
    return MDG_OK;
}

/* All outputs are empty: there is nothing to compute. */
static bool computes_nothing(const mdg_lowering *lo) {
    for (int k = 0; k < lo->op->n_outputs; k++)
        if (lo->op->outputs[k] < 0 || !is_empty(mdg_lo_output(lo, k))) return false;
    return lo->op->n_outputs > 0 && !lo->rule->takes_empty;
}

static mdg_status lower_op(mdg_lowering *lo) {
    const mdg_rule *rule = mdg_rule_of(lo->op->code);
    if (!rule) return mdg_lo_fail(lo, MDG_UNSUPPORTED, "this operator is not supported");
    if (lo->program->n_calls > MAX_CALLS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "subgraphs within subgraphs unfold to more than %d calls",
                           MAX_CALLS);
    lo->rule = rule;
    if (computes_nothing(lo)) return MDG_OK;
    MDG_TRY(check_inputs(lo, rule));
    MDG_TRY(check_outputs(lo, rule));
    MDG_TRY(pick_variant(lo, rule));
    const int first_call = lo->program->n_calls;
    MDG_TRY(rule->lower(lo));
    if (mdg_op_macs(lo->sub, lo->op) > MAX_MACS)
        return mdg_lo_fail(lo, MDG_UNSUPPORTED, "more than %lld multiply-accumulates", (long long)MAX_MACS);
    MDG_TRY(mdg_lo_check_calls(lo, first_call));
    mdg_fold_constants(lo->program, first_call);
    return MDG_OK;
}

static bool is_listed(const mdg_refusal *list, const mdg_lowering *lo) {
    while (list && (list->subgraph != lo->subgraph || list->op != lo->op_index)) list = list->next;
    return list != NULL;
}

/* Lists the refused operator, forgets the calls that it has made, and takes what it writes as computed. */
static void pass_over(mdg_lowering *lo, int first_call) {
    mdg_refusal **end = lo->refused;
    mdg_arena *arena = lo->program->arena;
    while (*end) end = &(*end)->next;
    if (!is_listed(*lo->refused, lo)) {
        *end = mdg_arena_alloc(arena, sizeof **end);
        **end = (mdg_refusal){lo->subgraph, lo->op_index, mdg_arena_strdup(arena, lo->diag->text), NULL};
    }
    lo->program->n_calls = first_call;
    for (int k = 0; k < lo->op->n_outputs; k++) {
        if (lo->op->outputs[k] < 0 || mdg_tensor_bytes(mdg_lo_output(lo, k)) > MDG_MAX_TENSOR_BYTES) continue;
        mdg_lo_output_buffer(lo, k);
    }
}

mdg_status mdg_lower_subgraph(const mdg_lowering *from, int subgraph, int *tensor_buffer) {
    mdg_lowering lo = *from;
    lo.subgraph = subgraph;
    lo.sub = &lo.graph->subgraphs[subgraph];
    lo.tensor_buffer = tensor_buffer;
    lo.depth = from->depth + 1;
    if (lo.depth > MAX_DEPTH)
        return mdg_fail(lo.diag, MDG_UNSUPPORTED, "%s: subgraphs call each other more than %d deep",
                        lo.graph->source, MAX_DEPTH);
    for (lo.op_index = 0; lo.op_index < lo.sub->n_ops; lo.op_index++) {
        lo.op = &lo.sub->ops[lo.op_index];
        const int first_call = lo.program->n_calls;
        const mdg_status status = lower_op(&lo);
        if (status != MDG_OK && !lo.refused) return status;
        if (status != MDG_OK) pass_over(&lo, first_call);
    }
    return MDG_OK;
}

static mdg_status add_inputs(mdg_lowering *lo) {
    mdg_program *p = lo->program;
    p->n_inputs = lo->sub->n_inputs;
    p->inputs = mdg_arena_array(p->arena, (size_t)p->n_inputs, sizeof *p->inputs);
    for (int k = 0; k < p->n_inputs; k++) {
        const int index = lo->sub->inputs[k];
        const mdg_tensor *t = &lo->sub->tensors[index];
        if (t->data || t->is_variable || mdg_tensor_bytes(t) > MDG_MAX_TENSOR_BYTES)
            return mdg_fail(lo->diag, MDG_UNSUPPORTED, "%s: input \"%s\" is constant or too large",
                            lo->graph->source, t->name);
        const int buffer =
            mdg_program_add_buffer(p, MDG_BUF_ARENA, t->name, mdg_c_type(t->type), mdg_tensor_bytes(t), NULL);
        p->inputs[k] = (mdg_io){buffer, t};
        lo->tensor_buffer[index] = buffer;
    }
    return MDG_OK;
}

static bool is_input_or_earlier_output(const mdg_program *p, int buffer, int n_outputs) {
    for (int k = 0; k < p->n_inputs; k++)
        if (p->inputs[k].buffer == buffer) return true;
    for (int k = 0; k < n_outputs; k++)
        if (p->outputs[k].buffer == buffer) return true;
    return false;
}

/* An output that is a constant, a state, an input or another output is copied to a buffer of its own. */
static mdg_status add_outputs(mdg_lowering *lo) {
    mdg_program *p = lo->program;
    p->n_outputs = lo->sub->n_outputs;
    p->outputs = mdg_arena_array(p->arena, (size_t)p->n_outputs, sizeof *p->outputs);
    for (int k = 0; k < p->n_outputs; k++) {
        const int index = lo->sub->outputs[k];
        const mdg_tensor *t = &lo->sub->tensors[index];
        int buffer = mdg_lo_tensor_buffer(lo, index);
        if (buffer < 0)
            return mdg_fail(lo->diag, MDG_INVALID, "%s: output \"%s\" is never computed", lo->graph->source,
                            t->name);
        if (p->buffers[buffer].kind != MDG_BUF_ARENA || is_input_or_earlier_output(p, buffer, k)) {
            const int copy = mdg_program_add_buffer(p, MDG_BUF_ARENA, t->name, p->buffers[buffer].element,
                                                    p->buffers[buffer].bytes, NULL);
            mdg_lo_copy(lo, buffer, copy);
            buffer = copy;
        }
        p->outputs[k] = (mdg_io){buffer, t};
    }
    return MDG_OK;
}

static mdg_status lower_graph(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_refusal **refused,
                              mdg_diag *diag) {
    MDG_TRY(mdg_graph_check(g, diag));
    if (g->n_subgraphs < 1) return mdg_fail(diag, MDG_INVALID, "%s: the model has no subgraph", g->source);
    *out = (mdg_program){.arena = arena, .graph = g};
    out->tensor_buffer = mdg_lo_no_buffers(arena, g->subgraphs[0].n_tensors);
    mdg_lowering lo = {.program = out, .graph = g, .sub = g->subgraphs, .tensor_buffer = out->tensor_buffer};
    mdg_variable *variables = NULL;
    lo.variables = &variables;
    lo.refused = refused;
    lo.op_index = -1;
    lo.diag = diag;
    MDG_TRY(add_inputs(&lo));
    MDG_TRY(mdg_lower_subgraph(&lo, 0, out->tensor_buffer));
    MDG_TRY(add_outputs(&lo));
    mdg_program_lifetimes(out);
    return MDG_OK;
}

mdg_status mdg_lower(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_diag *diag) {
    return lower_graph(g, arena, out, NULL, diag);
}

mdg_status mdg_lower_all(const mdg_graph *g, mdg_arena *arena, mdg_program *out, mdg_refusal **refused,
                         mdg_diag *diag) {
    *refused = NULL;
    return lower_graph(g, arena, out, refused, diag);
}
