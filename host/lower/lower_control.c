/* SPDX-License-Identifier: MIT
 *
 * IF, WHILE, CALL_ONCE: other subgraphs, lowered in place between steps.
 */
#include "lower/lower.h"

/* A subgraph about to be lowered in place */
typedef struct inlined {
    int subgraph;
    const mdg_subgraph *sub;
    int *tensor_buffer;
} inlined;

/* Inner tensor `inner` stands for outer tensor `outer`. */
static mdg_status need_alike(const mdg_lowering *lo, const mdg_tensor *outer, const mdg_tensor *inner) {
    MDG_TRY(mdg_lo_need_same_type(lo, outer, inner));
    return mdg_lo_need_same_elements(lo, outer, inner);
}

/* Input k of the subgraph is buffers[k], which holds what the operator's input first + k is. */
static mdg_status enter(const mdg_lowering *lo, int subgraph, int first, const int *buffers, inlined *in) {
    MDG_TRY(mdg_lo_need(lo, subgraph >= 0 && subgraph < lo->graph->n_subgraphs,
                        "it calls a subgraph that is not there"));
    in->subgraph = subgraph;
    in->sub = &lo->graph->subgraphs[subgraph];
    MDG_TRY(mdg_lo_need(lo, in->sub->n_inputs == lo->op->n_inputs - first,
                        "it has not as many inputs as its subgraph"));
    in->tensor_buffer = mdg_lo_no_buffers(lo->program->arena, in->sub->n_tensors);
    for (int k = 0; k < in->sub->n_inputs; k++) {
        const int index = in->sub->inputs[k];
        const mdg_tensor *outer = mdg_lo_input(lo, first + k);
        MDG_TRY(mdg_lo_need(lo, outer != NULL, "an input is missing"));
        MDG_TRY(need_alike(lo, outer, &in->sub->tensors[index]));
        in->tensor_buffer[index] = buffers[k];
    }
    return mdg_lower_subgraph(lo, subgraph, in->tensor_buffer);
}

/* The buffer of output k of the subgraph, which must be like `outer` */
static mdg_status result_of(const mdg_lowering *lo, const inlined *in, int k, const mdg_tensor *outer,
                            int *buffer) {
    mdg_lowering inside = *lo;
    inside.subgraph = in->subgraph;
    inside.sub = in->sub;
    inside.tensor_buffer = in->tensor_buffer;
    const int index = in->sub->outputs[k];
    MDG_TRY(need_alike(lo, outer, &in->sub->tensors[index]));
    *buffer = mdg_lo_tensor_buffer(&inside, index);
    return mdg_lo_need(lo, *buffer >= 0, "its subgraph does not compute an output");
}

static mdg_status need_condition(const mdg_lowering *lo, const mdg_tensor *t) {
    MDG_TRY(mdg_lo_need(lo, t->type == MDG_BOOL, "the condition is no bool"));
    return mdg_lo_need_elements(lo, t, 1);
}

/* One side of an IF: the subgraph, then its outputs copied to those of the operator */
static mdg_status lower_branch(mdg_lowering *lo, int subgraph, const int *buffers) {
    inlined in;
    MDG_TRY(enter(lo, subgraph, 1, buffers, &in));
    MDG_TRY(mdg_lo_need(lo, in.sub->n_outputs == lo->op->n_outputs,
                        "it has not as many outputs as its subgraph"));
    for (int k = 0; k < lo->op->n_outputs; k++) {
        int buffer;
        MDG_TRY(result_of(lo, &in, k, mdg_lo_output(lo, k), &buffer));
        mdg_lo_copy(lo, buffer, mdg_lo_output_buffer(lo, k));
    }
    return MDG_OK;
}

static int *input_buffers(mdg_lowering *lo, int first) {
    const int n = lo->op->n_inputs - first;
    int *buffers = mdg_arena_array(lo->program->arena, (size_t)n, sizeof *buffers);
    for (int k = 0; k < n; k++) buffers[k] = mdg_lo_input_buffer(lo, first + k);
    return buffers;
}

static mdg_status lower_if(mdg_lowering *lo) {
    const mdg_if_else_attrs *a = lo->op->attrs;
    MDG_TRY(need_condition(lo, mdg_lo_input(lo, 0)));
    const int *buffers = input_buffers(lo, 1);
    mdg_lo_step(lo, MDG_STEP_IF, mdg_lo_input_buffer(lo, 0));
    MDG_TRY(lower_branch(lo, a->then_subgraph, buffers));
    mdg_lo_step(lo, MDG_STEP_ELSE, -1);
    MDG_TRY(lower_branch(lo, a->else_subgraph, buffers));
    mdg_lo_step(lo, MDG_STEP_END_IF, -1);
    return MDG_OK;
}

static bool is_among(const int *list, int n, int value) {
    for (int i = 0; i < n; i++)
        if (list[i] == value) return true;
    return false;
}

/* The body's outputs become the loop's variables. Where the body hands variables around unchanged (a, b = b,
 * a), they go through a copy, so that none is overwritten before it is read. */
static mdg_status carry_over(mdg_lowering *lo, const inlined *body, const int *vars) {
    const int n = lo->op->n_outputs;
    int *from = mdg_arena_array(lo->program->arena, (size_t)n, sizeof *from);
    for (int k = 0; k < n; k++) {
        MDG_TRY(result_of(lo, body, k, mdg_lo_output(lo, k), &from[k]));
        if (from[k] == vars[k] || !is_among(vars, n, from[k])) continue;
        const mdg_buffer *b = &lo->program->buffers[from[k]];
        const int copy = mdg_lo_scratch(lo, b->name, b->element, b->bytes);
        mdg_lo_copy(lo, from[k], copy);
        from[k] = copy;
    }
    for (int k = 0; k < n; k++)
        if (from[k] != vars[k]) mdg_lo_copy(lo, from[k], vars[k]);
    return MDG_OK;
}

/* The loop's variables are the operator's outputs. A resource is no variable of the loop, but a name for a
 * state. */
static mdg_status loop_variables(mdg_lowering *lo, int **vars) {
    const int n = lo->op->n_outputs;
    MDG_TRY(mdg_lo_need(lo, lo->op->n_inputs == n, "it has not as many outputs as inputs"));
    *vars = mdg_arena_array(lo->program->arena, (size_t)n, sizeof **vars);
    for (int k = 0; k < n; k++) {
        MDG_TRY(need_alike(lo, mdg_lo_input(lo, k), mdg_lo_output(lo, k)));
        if (mdg_lo_output(lo, k)->type == MDG_RESOURCE)
            mdg_lo_alias(lo, k, k);
        else
            mdg_lo_copy(lo, mdg_lo_input_buffer(lo, k), mdg_lo_output_buffer(lo, k));
        (*vars)[k] = mdg_lo_output_buffer(lo, k);
    }
    return MDG_OK;
}

static mdg_status lower_while(mdg_lowering *lo) {
    const mdg_while_loop_attrs *a = lo->op->attrs;
    int *vars, condition;
    inlined cond, body;
    MDG_TRY(loop_variables(lo, &vars));
    mdg_lo_step(lo, MDG_STEP_LOOP, -1);
    MDG_TRY(enter(lo, a->cond_subgraph, 0, vars, &cond));
    MDG_TRY(mdg_lo_need(lo, cond.sub->n_outputs == 1, "the condition's subgraph must have one output"));
    const mdg_tensor *t = &cond.sub->tensors[cond.sub->outputs[0]];
    MDG_TRY(need_condition(lo, t));
    MDG_TRY(result_of(lo, &cond, 0, t, &condition));
    mdg_lo_step(lo, MDG_STEP_BREAK_UNLESS, condition);
    MDG_TRY(enter(lo, a->body_subgraph, 0, vars, &body));
    MDG_TRY(
        mdg_lo_need(lo, body.sub->n_outputs == lo->op->n_outputs, "it has not as many outputs as its body"));
    MDG_TRY(carry_over(lo, &body, vars));
    mdg_lo_step(lo, MDG_STEP_END_LOOP, -1);
    return MDG_OK;
}

/* Runs the subgraph in the first inference after a reset: as long as a byte of state is 1. */
static mdg_status lower_call_once(mdg_lowering *lo) {
    static const uint8_t yes = 1, no = 0;
    const mdg_call_once_attrs *a = lo->op->attrs;
    inlined in;
    const int pending = mdg_lo_state(lo, "call_once pending", "uint8_t", &yes, 1);
    mdg_lo_step(lo, MDG_STEP_IF, pending);
    MDG_TRY(enter(lo, a->init_subgraph, 0, NULL, &in));
    mdg_lo_copy(lo, mdg_lo_const(lo, "done", "uint8_t", &no, 1), pending);
    mdg_lo_step(lo, MDG_STEP_END_IF, -1);
    return MDG_OK;
}

static const mdg_variant if_else[] = {{"bool*->*", MDG_K_copy}};
MDG_RULE(if_else, 1, -1, -1, if_else, lower_if, .takes_empty = true);

static const mdg_variant while_loop[] = {{"*->*", MDG_K_copy}};
MDG_RULE(while_loop, 1, -1, -1, while_loop, lower_while, .takes_empty = true);

static const mdg_variant call_once[] = {{"->", MDG_K_copy}};
MDG_RULE(call_once, 0, 0, 0, call_once, lower_call_once);
