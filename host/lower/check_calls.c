/* SPDX-License-Identifier: MIT
 *
 * The proof of lowering: every call passes the check of its kernel, the same that a device makes when it
 * opens a model image.
 */
#include "lower/lower.h"

static mdg_sizes sizes_of(const mdg_program *p, const mdg_call *c) {
    mdg_sizes s = {.params_bytes = (uint32_t)mdg_call_kernel(c)->params_bytes};
    s.n_in = (uint32_t)c->n_in;
    s.n_out = (uint32_t)c->n_out;
    for (int k = 0; k < c->n_in; k++) {
        if (c->in[k] < 0) continue;
        const mdg_buffer *b = &p->buffers[c->in[k]];
        s.in[k] = (uint32_t)b->bytes;
        if (b->kind == MDG_BUF_CONST) s.constant[k] = b->data;
    }
    for (int k = 0; k < c->n_out; k++)
        if (c->out[k] >= 0) s.out[k] = (uint32_t)p->buffers[c->out[k]].bytes;
    return s;
}

const mdg_call *mdg_program_refused_call(const mdg_program *p, int first_call) {
    for (int i = first_call; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        if (c->step != MDG_STEP_KERNEL) continue;
        mdg_sizes s = sizes_of(p, c);
        if (!mdg_call_kernel(c)->check(c->params, &s)) return c;
    }
    return NULL;
}

mdg_status mdg_lo_check_calls(const mdg_lowering *lo, int first_call) {
    const mdg_call *c = mdg_program_refused_call(lo->program, first_call);
    if (!c) return MDG_OK;
    return mdg_lo_fail(
        lo, MDG_UNSUPPORTED,
        "the check of kernel %s refuses the call that midge made of it; please report this with the model",
        mdg_call_kernel(c)->name);
}
