/* SPDX-License-Identifier: MIT */
#include "fuse/choose.h"

enum { MAX_LAYERS = 16, MAX_CHOICES = 4000 };

/* A way to run calls: one as it is, or several in bands */
typedef struct choice {
    mdg_band_group group;
    bool in_bands;
    size_t need; /* bytes of arena */
    int calls;   /* of kernels */
} choice;

typedef struct chooser {
    const mdg_program *program;
    const mdg_band_opts *opts;
    choice *choices; /* by their last call */
    int n;
    const choice **last; /* [n_calls + 1] the last one of the best way to run all calls before this one */
} chooser;

/* -- What a group needs -- */

static bool is_aligned(const mdg_program *p, size_t align) {
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].whole >= 0 && p->buffers[i].place % align) return false;
    return true;
}

static bool is_used(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_calls; i++) {
        for (int k = 0; k < p->calls[i].n_in; k++)
            if (p->calls[i].in[k] == buffer) return true;
        for (int k = 0; k < p->calls[i].n_out; k++)
            if (p->calls[i].out[k] == buffer) return true;
    }
    return false;
}

/* Calls [first, last] alone: what comes from before is an input, what is needed later an output. *beside:
 * bytes that live on beside them. */
static mdg_program slice(const mdg_program *p, int first, int last, size_t *beside) {
    mdg_program s = mdg_program_copy(p, p->arena);
    s.calls += first;
    s.n_calls = s.calls_capacity = last - first + 1;
    s.inputs = mdg_arena_array(p->arena, (size_t)p->n_buffers, sizeof *s.inputs);
    s.outputs = mdg_arena_array(p->arena, (size_t)p->n_buffers, sizeof *s.outputs);
    s.n_inputs = s.n_outputs = 0;
    *beside = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (b->kind != MDG_BUF_ARENA || b->first > last || b->last < first) continue;
        if (b->first < first && b->last > last && !is_used(&s, i)) *beside += b->bytes;
        if (!is_used(&s, i)) continue;
        if (b->first < first) s.inputs[s.n_inputs++].buffer = i;
        if (b->last > last) s.outputs[s.n_outputs++].buffer = i;
    }
    mdg_program_lifetimes(&s);
    return s;
}

/* Fills in what a choice needs; false where it cannot run so. */
static bool measure(const chooser *ch, choice *c) {
    mdg_arena *arena = mdg_arena_new();
    mdg_program p = *ch->program, bands;
    size_t beside = 0;
    const int n = c->group.last - c->group.first + 1;
    const mdg_band_group whole = {.first = 0, .last = n - 1, .rows = c->group.rows};
    p.arena = arena;
    p = slice(&p, c->group.first, c->group.last, &beside);
    bool good = true;
    if (c->in_bands) {
        mdg_band_run(&p, &whole, &bands);
        good = is_aligned(&bands, ch->opts->align);
        p = bands;
    }
    good = good && ch->opts->need(ch->opts->context, &p, &c->need);
    c->need += beside;
    c->calls = p.n_calls;
    mdg_arena_free(arena);
    return good;
}

static bool add_choice(chooser *ch, choice c) {
    if (ch->n == MAX_CHOICES || !measure(ch, &c)) return false;
    ch->choices[ch->n++] = c;
    return true;
}

static size_t largest_io(const mdg_program *p) {
    size_t bytes = 0;
    for (int i = 0; i < p->n_inputs + p->n_outputs; i++) {
        const mdg_io *io = i < p->n_inputs ? &p->inputs[i] : &p->outputs[i - p->n_inputs];
        if (p->buffers[io->buffer].bytes > bytes) bytes = p->buffers[io->buffer].bytes;
    }
    return bytes;
}

/* Groups that end with a call, 1, 2 or 4 rows at a time. needs: of each call as it is; a group of calls none
 * of which needs more than the largest input or output is of no use. */
static void add_groups(chooser *ch, int last, const size_t *needs) {
    const size_t floor = largest_io(ch->program);
    bool is_useful = false;
    for (int first = last; first >= 0 && first > last - MAX_LAYERS; first--) {
        choice c = {.group = {.first = first, .last = last, .rows = 1}, .in_bands = true};
        is_useful = is_useful || needs[first] > floor;
        if (!is_useful || !mdg_band_fits(ch->program, &c.group)) continue;
        for (; c.group.rows <= 4; c.group.rows *= 2)
            if (mdg_band_fits(ch->program, &c.group)) add_choice(ch, c);
    }
}

static bool find_choices(chooser *ch) {
    const mdg_program *p = ch->program;
    size_t *needs = mdg_arena_array(p->arena, (size_t)p->n_calls, sizeof *needs);
    ch->choices = mdg_arena_array(p->arena, MAX_CHOICES, sizeof *ch->choices);
    for (int i = 0; i < p->n_calls; i++) {
        if (p->calls[i].step != MDG_STEP_KERNEL ||
            !add_choice(ch, (choice){.group = {.first = i, .last = i}}))
            return false;
        needs[i] = ch->choices[ch->n - 1].need;
        add_groups(ch, i, needs);
    }
    return true;
}

/* -- The best way -- */

/* What it takes to run all calls before one */
typedef struct way {
    size_t need; /* the most of any choice */
    int calls;
} way;

/* Needs up to `cap` are as good as none. */
static bool is_better(way a, way b, size_t cap) {
    const size_t x = a.need > cap ? a.need : cap, y = b.need > cap ? b.need : cap;
    return x != y ? x < y : a.calls < b.calls;
}

/* The way that needs least, and of those that need no more than `cap`, or no more than that, the one of
 * fewest calls; returns what it needs. */
static size_t find_way(chooser *ch, size_t cap) {
    const int n = ch->program->n_calls;
    way *best = mdg_arena_array(ch->program->arena, (size_t)n + 1, sizeof *best);
    for (int i = 1; i <= n; i++) best[i].need = SIZE_MAX;
    for (int i = 0; i < ch->n; i++) {
        const choice *c = &ch->choices[i];
        way w = best[c->group.first];
        if (c->need > w.need) w.need = c->need;
        w.calls += c->calls;
        if (!is_better(w, best[c->group.last + 1], cap)) continue;
        best[c->group.last + 1] = w;
        ch->last[c->group.last + 1] = c;
    }
    return best[n].need;
}

/* -- The result -- */

static mdg_band_row row_of(const mdg_program *p, const mdg_band_group *g, const mdg_program *bands) {
    mdg_band_row r = {.first_op = p->calls[g->first].op, .last_op = p->calls[g->last].op, .rows = g->rows};
    r.calls = bands->n_calls - p->n_calls + g->last - g->first + 1;
    for (int i = g->first; i < g->last; i++) r.tensor_bytes += p->buffers[p->calls[i].out[0]].bytes;
    for (int i = p->n_buffers; i < bands->n_buffers; i++)
        if (bands->buffers[i].whole < 0) r.window_bytes += bands->buffers[i].bytes;
    for (int i = g->first; i < g->first + r.calls; i++) {
        const mdg_call *c = &bands->calls[i];
        if (c->kernel == MDG_K_carry) r.carried_bytes += (size_t)((const mdg_carry_params *)c->params)->bytes;
    }
    return r;
}

/* Forms the groups, from the last to the first, so that calls keep their numbers. */
static mdg_program form_groups(const chooser *ch, mdg_band_report *out) {
    mdg_program p = *ch->program;
    out->n = 0;
    for (int end = p.n_calls; end > 0; end = ch->last[end]->group.first) out->n += ch->last[end]->in_bands;
    out->rows = mdg_arena_array(p.arena, (size_t)out->n, sizeof *out->rows);
    int row = out->n;
    for (int end = ch->program->n_calls; end > 0; end = ch->last[end]->group.first) {
        const choice *c = ch->last[end];
        mdg_program bands;
        if (!c->in_bands) continue;
        mdg_band_run(&p, &c->group, &bands);
        out->rows[--row] = row_of(&p, &c->group, &bands);
        p = bands;
    }
    return p;
}

/* What each choice needs is known, what they need together only when all are planned; fewer groups may fit
 * together better. So several ways are tried. */
void mdg_band_choose(mdg_program *p, const mdg_band_opts *opts, mdg_band_report *out) {
    static const size_t percents[] = {100, 103, 106, 112, 125, 150};
    const mdg_program before = *p;
    chooser ch = {.program = &before, .opts = opts};
    size_t least;
    *out = (mdg_band_report){.n = 0};
    ch.last = mdg_arena_array(p->arena, (size_t)p->n_calls + 1, sizeof *ch.last);
    if (!find_choices(&ch) || !opts->need(opts->context, p, &least)) return;
    const size_t bound = find_way(&ch, 0);
    for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
        mdg_band_report report;
        size_t need;
        find_way(&ch, bound / 100 * percents[i]);
        const mdg_program bands = form_groups(&ch, &report);
        if (!opts->need(opts->context, &bands, &need) || need >= least) continue;
        *p = bands;
        *out = report;
        least = need;
    }
}
