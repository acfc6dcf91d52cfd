/* SPDX-License-Identifier: MIT
 *
 * Constant folding: an operator whose inputs are all constant is run once, here, with the device's kernels,
 * and becomes a constant itself. So shape arithmetic (SHAPE, STRIDED_SLICE, PACK, ...) leaves nothing behind.
 */
#include "lower/lower.h"

static bool is_written_since(const mdg_program *p, int first_call, int buffer) {
    for (int i = first_call; i < p->n_calls; i++)
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] == buffer) return true;
    return false;
}

static bool is_constant_call(const mdg_program *p, int first_call, const mdg_call *c) {
    if (c->step != MDG_STEP_KERNEL || c->custom) return false;
    for (int k = 0; k < c->n_in; k++) {
        const int b = c->in[k];
        if (b >= 0 && p->buffers[b].kind != MDG_BUF_CONST && !is_written_since(p, first_call, b))
            return false;
    }
    for (int k = 0; k < c->n_out; k++)
        if (c->out[k] >= 0 && p->buffers[c->out[k]].kind != MDG_BUF_ARENA) return false;
    return true;
}

/* Gives the outputs memory of their own and runs the kernel. */
static void run(mdg_program *p, const mdg_call *c) {
    const void *in[MDG_CALL_MAX_IO] = {NULL};
    void *out[MDG_CALL_MAX_IO] = {NULL};
    for (int k = 0; k < c->n_out; k++) {
        if (c->out[k] < 0) continue;
        mdg_buffer *b = &p->buffers[c->out[k]];
        if (!b->data) b->data = mdg_arena_alloc(p->arena, b->bytes);
        out[k] = (void *)(uintptr_t)b->data;
    }
    for (int k = 0; k < c->n_in; k++)
        if (c->in[k] >= 0) in[k] = p->buffers[c->in[k]].data;
    mdg_kernels[c->kernel].run(c->params, in, out);
}

void mdg_fold_constants(mdg_program *p, int first_call) {
    for (int i = first_call; i < p->n_calls; i++)
        if (!is_constant_call(p, first_call, &p->calls[i])) return;
    for (int i = first_call; i < p->n_calls; i++) run(p, &p->calls[i]);
    for (int i = first_call; i < p->n_calls; i++)
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] >= 0) p->buffers[p->calls[i].out[k]].kind = MDG_BUF_CONST;
    p->n_calls = first_call;
}
