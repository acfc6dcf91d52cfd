/* SPDX-License-Identifier: MIT */
#include "fuse/choose.h"

enum { MAX_CALLS = 24 }; /* of a group */

/* The best that was found so far */
typedef struct found {
    mdg_band_group group;
    mdg_program program;
    mdg_band_cost cost;
    bool any;
} found;

static bool is_aligned(const mdg_program *p, size_t align) {
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].whole >= 0 && p->buffers[i].place % align) return false;
    return true;
}

/* Less memory; the same with fewer calls. */
static bool is_better(const found *best, const mdg_program *p, const mdg_band_cost *cost) {
    if (!best->any) return true;
    if (cost->arena_bytes != best->cost.arena_bytes) return cost->arena_bytes < best->cost.arena_bytes;
    return p->n_calls < best->program.n_calls;
}

static void try_group(const mdg_program *p, const mdg_band_opts *opts, const mdg_band_group *g, found *best) {
    mdg_program bands;
    mdg_band_cost cost;
    if (!mdg_band_fits(p, g)) return;
    mdg_band_run(p, g, &bands);
    if (!is_aligned(&bands, opts->align) || !opts->try(opts->context, &bands, &cost)) return;
    if (!is_better(best, &bands, &cost)) return;
    *best = (found){.group = *g, .program = bands, .cost = cost, .any = true};
}

static int call_of_op(const mdg_program *p, int op) {
    for (int i = 0; i < p->n_calls; i++)
        if (p->calls[i].subgraph == 0 && p->calls[i].op == op) return i;
    return -1;
}

/* Groups with call `peak` in them, 1, 2, 4, ... rows at a time */
static void try_groups(const mdg_program *p, const mdg_band_opts *opts, int peak, found *best) {
    for (int first = peak; first >= 0 && first > peak - MAX_CALLS; first--) {
        for (int last = peak; last < p->n_calls && last < first + MAX_CALLS; last++) {
            mdg_band_group g = {.first = first, .last = last};
            for (g.rows = 1; g.rows <= 4; g.rows *= 2) try_group(p, opts, &g, best);
        }
    }
}

static mdg_band_row row_of(const mdg_program *p, const found *f) {
    const mdg_band_group *g = &f->group;
    mdg_band_row r = {.first_op = p->calls[g->first].op, .last_op = p->calls[g->last].op, .rows = g->rows};
    r.calls = f->program.n_calls - p->n_calls + g->last - g->first + 1;
    for (int i = g->first; i < g->last; i++) r.tensor_bytes += p->buffers[p->calls[i].out[0]].bytes;
    for (int i = p->n_buffers; i < f->program.n_buffers; i++)
        if (f->program.buffers[i].whole < 0) r.window_bytes += f->program.buffers[i].bytes;
    for (int i = g->first; i < g->first + r.calls; i++) {
        const mdg_call *c = &f->program.calls[i];
        if (c->kernel == MDG_K_carry) r.carried_bytes += (size_t)((const mdg_carry_params *)c->params)->bytes;
    }
    return r;
}

void mdg_band_choose(mdg_program *p, const mdg_band_opts *opts, mdg_band_report *out) {
    mdg_band_cost cost;
    out->n = 0;
    if (!opts->try(opts->context, p, &cost)) return;
    while (out->n < MDG_BAND_GROUPS && cost.peak_op >= 0) {
        found best = {.any = false};
        try_groups(p, opts, call_of_op(p, cost.peak_op), &best);
        if (!best.any || best.cost.arena_bytes >= cost.arena_bytes) return;
        out->rows[out->n++] = row_of(p, &best);
        *p = best.program;
        cost = best.cost;
    }
}
