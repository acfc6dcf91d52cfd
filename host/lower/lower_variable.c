/* SPDX-License-Identifier: MIT
 *
 * VAR_HANDLE, READ_VARIABLE, ASSIGN_VARIABLE: a named state. A resource tensor's buffer is the variable's
 * state itself, so that handles pass through IF and WHILE as any tensor does.
 */
#include "lower/lower.h"

#include <string.h>

/* One name, one state, whichever subgraph asks. A handle without a container finds the name in any. */
static mdg_variable *find(const mdg_lowering *lo, const char *container, const char *name) {
    for (mdg_variable *v = *lo->variables; v; v = v->next)
        if (strcmp(v->name, name) == 0 && (!container || strcmp(v->container, container) == 0)) return v;
    return NULL;
}

static mdg_status lower_var_handle(mdg_lowering *lo) {
    const mdg_var_handle_attrs *a = lo->op->attrs;
    const char *name = a->shared_name ? a->shared_name : "";
    mdg_variable *v = find(lo, a->container, name);
    if (!v) {
        v = mdg_lo_params(lo, sizeof *v);
        *v = (mdg_variable){*lo->variables, a->container ? a->container : "", name, -1};
        v->buffer = mdg_lo_state(lo, name, "uint8_t", NULL, 0); /* its size is that of what it first meets */
        *lo->variables = v;
    }
    lo->tensor_buffer[lo->op->outputs[0]] = v->buffer;
    return MDG_OK;
}

/* The variable's state, with the size of t from now on. Returns its buffer in *state. */
static mdg_status state_like(mdg_lowering *lo, const mdg_tensor *t, int *state) {
    *state = mdg_lo_input_buffer(lo, 0);
    mdg_buffer *b = &lo->program->buffers[*state];
    MDG_TRY(mdg_lo_need(lo, b->kind == MDG_BUF_STATE, "its input is no variable"));
    if (b->bytes == 0) {
        b->bytes = mdg_tensor_bytes(t);
        b->element = mdg_c_type(t->type);
    }
    return mdg_lo_need(lo, b->bytes == mdg_tensor_bytes(t), "the variable has another size elsewhere");
}

static mdg_status lower_read_variable(mdg_lowering *lo) {
    int state;
    MDG_TRY(state_like(lo, mdg_lo_output(lo, 0), &state));
    mdg_lo_copy(lo, state, mdg_lo_output_buffer(lo, 0));
    return MDG_OK;
}

/* Before the first assignment a variable holds its zero point: each byte the low byte of it, as TFLM fills
 * it. */
static mdg_status lower_assign_variable(mdg_lowering *lo) {
    const mdg_tensor *value = mdg_lo_input(lo, 1);
    int state;
    MDG_TRY(state_like(lo, value, &state));
    if (value->quant.count && !lo->program->buffers[state].data) {
        const size_t bytes = mdg_tensor_bytes(value);
        void *initial = mdg_lo_params(lo, bytes);
        memset(initial, (int)mdg_lo_zero(value), bytes);
        lo->program->buffers[state].data = initial;
    }
    mdg_lo_copy(lo, mdg_lo_input_buffer(lo, 1), state);
    return MDG_OK;
}

static const mdg_variant var_handle[] = {{"->resource", MDG_K_copy}};
MDG_RULE(var_handle, 0, 0, 1, var_handle, lower_var_handle);

static const mdg_variant read_variable[] = {{"resource->*", MDG_K_copy}};
MDG_RULE(read_variable, 1, 1, 1, read_variable, lower_read_variable);

static const mdg_variant assign_variable[] = {{"resource,*->", MDG_K_copy}};
MDG_RULE(assign_variable, 2, 2, 0, assign_variable, lower_assign_variable);
