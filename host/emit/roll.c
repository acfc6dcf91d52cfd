/* SPDX-License-Identifier: MIT */
#include "emit/roll.h"

#include <string.h>

enum {
    MAX_PERIOD = 96,
    MIN_SAVED = 3,  /* calls; fewer are not worth a loop */
    MAX_BACK = 1000 /* how far equal parameters may be apart */
};

void mdg_emit_number_params(mdg_emit *e) {
    const mdg_program *p = e->program;
    e->params = mdg_arena_array(p->arena, (size_t)p->n_calls + 1, sizeof *e->params);
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_kernel_info *k = mdg_call_kernel(&p->calls[i]);
        e->params[i] = i;
        if (p->calls[i].step != MDG_STEP_KERNEL) continue;
        for (int j = i - 1; j >= 0 && j > i - MAX_BACK; j--) {
            const mdg_call *other = &p->calls[j];
            const mdg_kernel_info *o = mdg_call_kernel(other);
            if (other->step != MDG_STEP_KERNEL || strcmp(k->params, o->params) != 0 ||
                k->params_bytes != o->params_bytes ||
                memcmp(p->calls[i].params, other->params, k->params_bytes) != 0)
                continue;
            e->params[i] = e->params[j];
            break;
        }
    }
}

/* The same operand, or another place of the arena */
static bool is_like(const mdg_emit *e, int a, int b) {
    if (a < 0 || b < 0) return a == b;
    const mdg_buffer *x = &e->program->buffers[a], *y = &e->program->buffers[b];
    if (x->kind != y->kind) return false;
    if (x->kind == MDG_BUF_CONST) return e->constant[a] == e->constant[b];
    return x->kind == MDG_BUF_ARENA || a == b;
}

static int64_t distance(const mdg_emit *e, int from, int to) {
    if (from < 0 || e->program->buffers[from].kind != MDG_BUF_ARENA) return 0;
    return (int64_t)e->program->buffers[to].offset - (int64_t)e->program->buffers[from].offset;
}

static bool are_like(const mdg_emit *e, const int *a, const int *b, int n) {
    for (int k = 0; k < n; k++)
        if (!is_like(e, a[k], b[k])) return false;
    return true;
}

/* Call j does what call i does, maybe elsewhere. */
static bool repeats(const mdg_emit *e, int i, int j) {
    const mdg_call *a = &e->program->calls[i], *b = &e->program->calls[j];
    return a->step == MDG_STEP_KERNEL && b->step == MDG_STEP_KERNEL && !a->custom && !b->custom &&
           a->kernel == b->kernel && e->params[i] == e->params[j] && a->subgraph == b->subgraph &&
           a->op == b->op && a->n_in == b->n_in && a->n_out == b->n_out &&
           are_like(e, a->in, b->in, a->n_in) && are_like(e, a->out, b->out, a->n_out);
}

static bool moves_alike(const mdg_emit *e, const int *a, const int *b, const int *c, int n) {
    for (int k = 0; k < n; k++)
        if (distance(e, a[k], b[k]) != distance(e, b[k], c[k])) return false;
    return true;
}

/* From round to round all operands of call i move by one step. */
static bool goes_on(const mdg_emit *e, int i, int period, int round) {
    const mdg_call *c = &e->program->calls[i + round * period], *before = c - period,
                   *first = before - period;
    if (!repeats(e, i, i + round * period)) return false;
    return round < 2 || (moves_alike(e, first->in, before->in, c->in, c->n_in) &&
                         moves_alike(e, first->out, before->out, c->out, c->n_out));
}

static int count_rounds(const mdg_emit *e, int first, int period) {
    int rounds = 1;
    while (first + (rounds + 1) * period <= e->program->n_calls) {
        for (int i = 0; i < period; i++)
            if (!goes_on(e, first + i, period, rounds)) return rounds;
        rounds++;
    }
    return rounds;
}

static int saved(const mdg_emit_loop *l) {
    return (l->rounds - 1) * l->period;
}

/* The loop from a call on that saves most; the shortest of several */
static mdg_emit_loop best_loop(const mdg_emit *e, int first) {
    mdg_emit_loop best = {first, 1, 1};
    for (int period = 1; period <= MAX_PERIOD && first + 2 * period <= e->program->n_calls; period++) {
        const mdg_emit_loop l = {first, period, count_rounds(e, first, period)};
        if (saved(&l) > saved(&best)) best = l;
    }
    return best;
}

bool mdg_emit_find_loop(const mdg_emit *e, int call, mdg_emit_loop *out) {
    *out = best_loop(e, call);
    if (saved(out) < MIN_SAVED) return false;
    for (int i = call + 1; i < call + out->period * out->rounds && i < call + MAX_PERIOD; i++) {
        const mdg_emit_loop later = best_loop(e, i);
        if (saved(&later) > saved(out)) return false;
    }
    return true;
}

int64_t mdg_emit_step(const mdg_emit *e, int first, int next) {
    return distance(e, first, next);
}
