/* SPDX-License-Identifier: MIT
 *
 * When each buffer of a program is in use, and where its control flow jumps.
 */
#include "lower/program.h"

static void touch(mdg_program *p, int buffer, int call) {
    if (buffer < 0) return;
    mdg_buffer *b = &p->buffers[buffer];
    if (b->whole >= 0) b = &p->buffers[b->whole];
    if (call < b->first) b->first = call;
    if (call > b->last) b->last = call;
}

/* The step that ends what `start` opens: for an IF its ELSE or END_IF, for ELSE its END_IF, for a LOOP its
 * END_LOOP. */
static int closing_step(const mdg_program *p, int start) {
    const bool is_loop = p->calls[start].step == MDG_STEP_LOOP;
    int depth = 0;
    for (int i = start + 1; i < p->n_calls; i++) {
        const mdg_step s = p->calls[i].step;
        if (s == MDG_STEP_IF || s == MDG_STEP_LOOP) depth++;
        if (depth == 0 && (is_loop ? s == MDG_STEP_END_LOOP : s == MDG_STEP_ELSE || s == MDG_STEP_END_IF))
            return i;
        if (s == MDG_STEP_END_IF || s == MDG_STEP_END_LOOP) depth--;
    }
    return p->n_calls - 1;
}

/* Inside the loop [start, end], its own BREAK_UNLESS steps jump to the end. */
static void set_loop_jumps(mdg_program *p, int start, int end) {
    p->calls[end].jump = start;
    int depth = 0;
    for (int i = start + 1; i < end; i++) {
        const mdg_step s = p->calls[i].step;
        if (s == MDG_STEP_LOOP) depth++;
        if (s == MDG_STEP_END_LOOP) depth--;
        if (depth == 0 && s == MDG_STEP_BREAK_UNLESS) p->calls[i].jump = end;
    }
}

static void set_jumps(mdg_program *p) {
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_step s = p->calls[i].step;
        if (s != MDG_STEP_IF && s != MDG_STEP_ELSE && s != MDG_STEP_LOOP) continue;
        const int end = closing_step(p, i);
        if (s == MDG_STEP_LOOP)
            set_loop_jumps(p, i, end);
        else
            p->calls[i].jump = p->calls[end].step == MDG_STEP_ELSE ? end + 1 : end;
    }
}

/* What lives at a border of the loop is used again in its next round, or must survive it: it lives in all of
 * it. */
static void extend_over_loop(mdg_program *p, int start, int end) {
    for (int i = 0; i < p->n_buffers; i++) {
        mdg_buffer *b = &p->buffers[i];
        const bool enters = b->first < start && b->last >= start;
        const bool leaves = b->first <= end && b->last > end;
        if (enters && b->last < end) b->last = end;
        if (leaves && b->first > start) b->first = start;
    }
}

void mdg_program_lifetimes(mdg_program *p) {
    set_jumps(p);
    for (int i = 0; i < p->n_buffers; i++) {
        p->buffers[i].first = p->n_calls;
        p->buffers[i].last = -1;
    }
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        for (int k = 0; k < c->n_in; k++) touch(p, c->in[k], i);
        for (int k = 0; k < c->n_out; k++) touch(p, c->out[k], i);
    }
    for (int k = 0; k < p->n_inputs; k++) touch(p, p->inputs[k].buffer, -1);
    for (int k = 0; k < p->n_outputs; k++) touch(p, p->outputs[k].buffer, p->n_calls);
    /* inner loops end first, so that outer ones see what the inner ones need */
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].step == MDG_STEP_END_LOOP) extend_over_loop(p, p->calls[i].jump, i);
}
