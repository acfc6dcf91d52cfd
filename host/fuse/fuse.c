/* SPDX-License-Identifier: MIT */
#include "fuse/parts.h"

#include <string.h>

bool mdg_fuse_is_inner(const mdg_fuser *f, int buffer) {
    const mdg_uses *u = &f->of[buffer];
    return mdg_fuse_buffer(f, buffer)->kind == MDG_BUF_ARENA && !u->is_input && !u->is_output;
}

bool mdg_fuse_is_link(const mdg_fuser *f, int buffer) {
    return mdg_fuse_is_inner(f, buffer) && f->of[buffer].reads == 1 && f->of[buffer].writes == 1;
}

bool mdg_fuse_is_free(const mdg_fuser *f, int buffer) {
    if (!mdg_fuse_is_inner(f, buffer) || mdg_fuse_buffer(f, buffer)->whole >= 0) return false;
    for (int i = 0; i < f->program->n_buffers; i++)
        if (mdg_fuse_buffer(f, i)->whole == buffer) return false;
    return true;
}

const void *mdg_fuse_const(const mdg_fuser *f, const mdg_call *c, int k) {
    if (k >= c->n_in || c->in[k] < 0) return NULL;
    const mdg_buffer *b = mdg_fuse_buffer(f, c->in[k]);
    return b->kind == MDG_BUF_CONST ? b->data : NULL;
}

bool mdg_fuse_set_params(mdg_fuser *f, int call, const void *params) {
    mdg_call *c = &f->program->calls[call];
    const void *before = c->params;
    c->params = mdg_arena_copy(f->program->arena, params, mdg_call_kernel(c)->params_bytes);
    if (!mdg_program_refused_call(f->program, call)) return true;
    c->params = before;
    return false;
}

void mdg_fuse_remove(mdg_fuser *f, int call) {
    mdg_program *p = f->program;
    memmove(p->calls + call, p->calls + call + 1, (size_t)(--p->n_calls - call) * sizeof *p->calls);
}

static void replace(int *list, int n, int from, int to) {
    for (int k = 0; k < n; k++)
        if (list[k] == from) list[k] = to;
}

void mdg_fuse_replace(mdg_fuser *f, int from, int to) {
    for (int i = 0; i < f->program->n_calls; i++) {
        mdg_call *c = &f->program->calls[i];
        replace(c->in, c->n_in, from, to);
        replace(c->out, c->n_out, from, to);
    }
}

static void count_call(mdg_fuser *f, int call) {
    const mdg_call *c = &f->program->calls[call];
    for (int k = 0; k < c->n_in; k++) {
        if (c->in[k] < 0) continue;
        mdg_uses *u = &f->of[c->in[k]];
        u->reads++, u->reader = call;
    }
    for (int k = 0; k < c->n_out; k++) {
        if (c->out[k] < 0) continue;
        mdg_uses *u = &f->of[c->out[k]];
        u->writes++, u->writer = call;
    }
}

static void count_uses(mdg_fuser *f) {
    const mdg_program *p = f->program;
    f->of = mdg_arena_array(p->arena, (size_t)p->n_buffers, sizeof *f->of);
    for (int i = 0; i < p->n_buffers; i++) f->of[i] = (mdg_uses){.reader = -1, .writer = -1};
    for (int i = 0; i < p->n_inputs; i++) {
        f->of[p->inputs[i].buffer].is_input = true;
        f->of[p->inputs[i].buffer].writes++;
    }
    for (int i = 0; i < p->n_outputs; i++) {
        f->of[p->outputs[i].buffer].is_output = true;
        f->of[p->outputs[i].buffer].reads++;
    }
    for (int i = 0; i < p->n_calls; i++) count_call(f, i);
    for (int i = 0; i < p->n_buffers; i++) { /* who uses a part uses the whole */
        if (p->buffers[i].whole < 0) continue;
        mdg_uses *u = &f->of[p->buffers[i].whole];
        u->reads += f->of[i].reads, u->writes += f->of[i].writes;
    }
}

bool mdg_fuse_dead(mdg_fuser *f, int call) {
    const mdg_call *c = &f->program->calls[call];
    for (int k = 0; k < c->n_out; k++) {
        if (c->out[k] < 0) continue;
        const mdg_buffer *b = mdg_fuse_buffer(f, c->out[k]);
        if (b->kind != MDG_BUF_ARENA || b->whole >= 0 || f->of[c->out[k]].reads > 0) return false;
    }
    mdg_fuse_remove(f, call);
    return true;
}

static bool change_one(mdg_fuser *f) {
    static mdg_fuse_rule *const rules[] = {mdg_fuse_dead, mdg_fuse_pad, mdg_fuse_clamp, mdg_fuse_table,
                                           mdg_fuse_copy};
    count_uses(f);
    for (int i = 0; i < f->program->n_calls; i++) {
        if (f->program->calls[i].custom) continue;
        for (size_t r = 0; r < sizeof rules / sizeof *rules; r++)
            if (rules[r](f, i)) return true;
    }
    return false;
}

void mdg_fuse(mdg_program *p, const mdg_fuse_opts *opts) {
    mdg_fuser f = {.program = p, .part_align = opts ? opts->part_align : 0};
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].step != MDG_STEP_KERNEL) return;
    while (change_one(&f)) continue;
    mdg_program_lifetimes(p);
}
