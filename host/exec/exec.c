/* SPDX-License-Identifier: MIT */
#include "exec/exec.h"

#include <string.h>

#include "plan/plan.h"

/* A call with its pointers */
typedef struct bound_call {
    const void *in[MDG_CALL_MAX_IO];
    void *out[MDG_CALL_MAX_IO];
} bound_call;

struct mdg_exec {
    mdg_program program;
    uint8_t *arena, *state;
    bound_call *bound; /* [n_calls] */
};

static void *address_of(const mdg_exec *x, int buffer) {
    if (buffer < 0) return NULL;
    const mdg_buffer *b = &x->program.buffers[buffer];
    switch (b->kind) {
    case MDG_BUF_ARENA: return x->arena + b->offset;
    case MDG_BUF_STATE: return x->state + b->offset;
    default: return (void *)(uintptr_t)b->data;
    }
}

static void bind_calls(mdg_exec *x) {
    for (int i = 0; i < x->program.n_calls; i++) {
        const mdg_call *c = &x->program.calls[i];
        for (int k = 0; k < c->n_in; k++) x->bound[i].in[k] = address_of(x, c->in[k]);
        for (int k = 0; k < c->n_out; k++) x->bound[i].out[k] = address_of(x, c->out[k]);
    }
}

mdg_status mdg_exec_open(const mdg_graph *g, mdg_arena *arena, mdg_exec **out, mdg_diag *diag) {
    mdg_exec *x = mdg_arena_alloc(arena, sizeof *x);
    MDG_TRY(mdg_lower(g, arena, &x->program, diag));
    MDG_TRY(mdg_plan(&x->program, NULL, diag));
    x->arena = mdg_arena_alloc(arena, x->program.arena_bytes);
    x->state = mdg_arena_alloc(arena, x->program.state_bytes);
    x->bound = mdg_arena_array(arena, (size_t)x->program.n_calls, sizeof *x->bound);
    bind_calls(x);
    mdg_exec_reset(x);
    *out = x;
    return MDG_OK;
}

const mdg_program *mdg_exec_program(const mdg_exec *x) {
    return &x->program;
}

void *mdg_exec_input(mdg_exec *x, int k) {
    return address_of(x, x->program.inputs[k].buffer);
}

const void *mdg_exec_output(const mdg_exec *x, int k) {
    return address_of(x, x->program.outputs[k].buffer);
}

size_t mdg_exec_input_bytes(const mdg_exec *x, int k) {
    return x->program.buffers[x->program.inputs[k].buffer].bytes;
}

size_t mdg_exec_output_bytes(const mdg_exec *x, int k) {
    return x->program.buffers[x->program.outputs[k].buffer].bytes;
}

void mdg_exec_reset(mdg_exec *x) {
    memset(x->state, 0, x->program.state_bytes);
    for (int i = 0; i < x->program.n_buffers; i++) {
        const mdg_buffer *b = &x->program.buffers[i];
        if (b->kind == MDG_BUF_STATE && b->data) memcpy(x->state + b->offset, b->data, b->bytes);
    }
}

/* Runs step i; returns the step that comes next. */
static int run_step(mdg_exec *x, int i, const mdg_exec_tap *tap) {
    const mdg_call *c = &x->program.calls[i];
    const bound_call *b = &x->bound[i];
    switch (c->step) {
    case MDG_STEP_IF: return *(const uint8_t *)b->in[0] ? i + 1 : c->jump;
    case MDG_STEP_BREAK_UNLESS: return *(const uint8_t *)b->in[0] ? i + 1 : c->jump + 1;
    case MDG_STEP_ELSE:
    case MDG_STEP_END_LOOP: return c->jump;
    case MDG_STEP_END_IF:
    case MDG_STEP_LOOP: return i + 1;
    case MDG_STEP_KERNEL: break;
    }
    mdg_kernels[c->kernel].run(c->params, b->in, b->out);
    if (tap) tap->after(tap->context, &x->program, c, b->out);
    return i + 1;
}

void mdg_exec_invoke(mdg_exec *x, const mdg_exec_tap *tap) {
    for (int i = 0; i < x->program.n_calls;) i = run_step(x, i, tap);
}
