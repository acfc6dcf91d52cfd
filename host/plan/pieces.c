/* SPDX-License-Identifier: MIT */
#include "plan/pieces.h"

#include <stdlib.h>

/* How a call touches a buffer: bytes [from, to), read or written */
typedef struct touch {
    int64_t from, to;
    int call;
    bool reads, fills; /* fills: what was there before is gone */
} touch;

typedef struct touches {
    const mdg_program *program;
    int buffer;
    touch *list;
    int n, capacity;
} touches;

static void add(touches *t, touch one) {
    if (t->n == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 16;
        touch *bigger = mdg_arena_array(t->program->arena, (size_t)t->capacity, sizeof *bigger);
        for (int i = 0; i < t->n; i++) bigger[i] = t->list[i];
        t->list = bigger;
    }
    t->list[t->n++] = one;
}

/* Rows that move within their window */
static void add_carry(touches *t, const mdg_carry_params *p, int call, bool reads) {
    const int64_t from = reads ? p->from : 0;
    add(t, (touch){from, from + p->bytes, call, reads, !reads});
}

static void add_operand(touches *t, int operand, int call, bool reads) {
    if (operand < 0) return;
    const mdg_buffer *b = &t->program->buffers[operand];
    if (operand != t->buffer && b->whole != t->buffer) return;
    const mdg_call *c = &t->program->calls[call];
    const int64_t from = b->whole < 0 ? 0 : (int64_t)b->place;
    if (c->step == MDG_STEP_KERNEL && !c->custom && c->kernel == MDG_K_carry) {
        add_carry(t, c->params, call, reads);
        return;
    }
    /* a copy may fill its output in part, and of other kernels nothing is known */
    const bool fills = !reads && c->step == MDG_STEP_KERNEL && !c->custom && c->kernel != MDG_K_copy;
    add(t, (touch){from, from + (int64_t)b->bytes, call, reads, fills});
}

/* All touches, in the order of the calls; of a call, what it reads first */
static touches find_touches(const mdg_program *p, int buffer) {
    touches t = {.program = p, .buffer = buffer};
    const int64_t all = (int64_t)p->buffers[buffer].bytes;
    if (p->buffers[buffer].first < 0) add(&t, (touch){0, all, -1, false, true});
    for (int i = 0; i < p->n_calls; i++) {
        const mdg_call *c = &p->calls[i];
        for (int k = 0; k < c->n_in; k++) add_operand(&t, c->in[k], i, true);
        for (int k = 0; k < c->n_out; k++) add_operand(&t, c->out[k], i, false);
    }
    if (p->buffers[buffer].last >= p->n_calls) add(&t, (touch){0, all, p->n_calls, true, false});
    return t;
}

static void add_piece(mdg_pieces *out, const mdg_piece *piece) {
    if (piece->first <= piece->last) out->list[out->n++] = *piece;
}

/* The pieces of bytes [from, to), which every touch touches all or none of. A filling that follows no read of
 * the same call begins a new piece. */
static void add_stretch(const touches *t, int64_t from, int64_t to, mdg_pieces *out) {
    mdg_piece now = {from, to, 0, -1};
    int last_read = -2;
    for (int i = 0; i < t->n; i++) {
        const touch *one = &t->list[i];
        if (one->from > from || one->to < to) continue;
        if (one->reads) last_read = one->call;
        if (now.last >= now.first && !(one->fills && last_read != one->call)) {
            now.last = one->call;
            continue;
        }
        add_piece(out, &now);
        now.first = now.last = one->call;
    }
    add_piece(out, &now);
}

static int by_value(const void *a, const void *b) {
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

static bool has_parts(const mdg_program *p, int buffer) {
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].whole == buffer) return true;
    return false;
}

mdg_pieces mdg_plan_pieces(const mdg_program *p, int buffer) {
    const mdg_buffer *b = &p->buffers[buffer];
    mdg_pieces out = {.n = 0};
    if (!has_parts(p, buffer)) {
        out.list = mdg_arena_array(p->arena, 1, sizeof *out.list);
        out.list[out.n++] = (mdg_piece){0, (int64_t)b->bytes, b->first, b->last};
        return out;
    }
    const touches t = find_touches(p, buffer);
    int64_t *edges = mdg_arena_array(p->arena, (size_t)(2 * t.n), sizeof *edges);
    for (int i = 0; i < t.n; i++) edges[2 * i] = t.list[i].from, edges[2 * i + 1] = t.list[i].to;
    qsort(edges, (size_t)(2 * t.n), sizeof *edges, by_value);
    size_t most = 0;
    for (int i = 0; i + 1 < 2 * t.n; i++) most += edges[i] < edges[i + 1];
    out.list = mdg_arena_array(p->arena, most * (size_t)t.n, sizeof *out.list);
    for (int i = 0; i + 1 < 2 * t.n; i++)
        if (edges[i] < edges[i + 1]) add_stretch(&t, edges[i], edges[i + 1], &out);
    return out;
}

size_t mdg_plan_live(const mdg_pieces *a, int moment) {
    int64_t sum = 0;
    for (int i = 0; i < a->n; i++)
        if (a->list[i].first <= moment && moment <= a->list[i].last) sum += a->list[i].to - a->list[i].from;
    return (size_t)sum;
}

bool mdg_plan_clash(const mdg_pieces *a, const mdg_pieces *b, mdg_clash *out) {
    bool any = false;
    for (int i = 0; i < a->n; i++) {
        for (int j = 0; j < b->n; j++) {
            const mdg_piece *x = &a->list[i], *y = &b->list[j];
            if (x->last < y->first || y->last < x->first) continue;
            const mdg_clash c = {x->from - y->to, x->to - y->from};
            if (!any || c.low < out->low) out->low = c.low;
            if (!any || c.high > out->high) out->high = c.high;
            any = true;
        }
    }
    return any;
}
