/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "plan/place_parts.h"

static const mdg_link *link_of(const mdg_placing *pl, int i, int j, bool *is_in) {
    for (int k = 0; k < pl->n_links; k++) {
        const mdg_link *l = &pl->links[k];
        if ((l->in != i || l->out != j) && (l->in != j || l->out != i)) continue;
        *is_in = l->in == i;
        return l;
    }
    return NULL;
}

static int collect(const mdg_placing *pl, int i, mdg_relation *out) {
    int n = 0;
    for (int j = 0; j < pl->n_blocks; j++) {
        mdg_clash c;
        if (i == j || !mdg_plan_clash(&pl->blocks[j].pieces, &pl->blocks[i].pieces, &c)) continue;
        mdg_relation r = {.other = j, .low = c.low, .high = (c.high + pl->align - 1) & -pl->align};
        r.link = link_of(pl, i, j, &r.is_in);
        out[n++] = r;
    }
    return n;
}

mdg_search mdg_search_new(const mdg_placing *pl, int64_t bound) {
    const size_t n = (size_t)pl->n_blocks;
    mdg_search s = {.pl = pl, .n = pl->n_blocks, .best_bytes = INT64_MAX, .bound = bound};
    mdg_relation *row = mdg_arena_array(pl->arena, n, sizeof *row);
    s.relations = mdg_arena_array(pl->arena, n, sizeof *s.relations);
    s.n_relations = mdg_arena_array(pl->arena, n, sizeof *s.n_relations);
    for (int i = 0; i < s.n; i++) {
        s.n_relations[i] = collect(pl, i, row);
        const size_t bytes = (size_t)s.n_relations[i] * sizeof *row;
        s.relations[i] = mdg_arena_alloc(pl->arena, bytes);
        if (bytes) memcpy(s.relations[i], row, bytes);
    }
    s.is_placed = mdg_arena_array(pl->arena, n, sizeof *s.is_placed);
    s.offset = mdg_arena_array(pl->arena, n, sizeof *s.offset);
    s.best_order = mdg_arena_array(pl->arena, n, sizeof *s.best_order);
    s.best = mdg_arena_array(pl->arena, n, sizeof *s.best);
    return s;
}

/* The least distance from `at` on that a link allows, or INT64_MAX */
static int64_t linked_distance(const mdg_relation *r, int64_t at) {
    const int64_t lead = r->link->lead, step = r->link->step;
    if (r->is_in) { /* lead, lead + step, ... */
        if (at <= lead) return lead;
        return step ? lead + (at - lead + step - 1) / step * step : INT64_MAX;
    }
    if (at > -lead) return INT64_MAX; /* ..., -lead - step, -lead */
    return step ? -lead - (-lead - at) / step * step : -lead;
}

static int64_t allowed_distance(const mdg_relation *r, int64_t at) {
    if (at <= r->low || at >= r->high) return at;
    const int64_t linked = r->link ? linked_distance(r, at) : INT64_MAX;
    return linked < r->high ? linked : r->high;
}

int64_t mdg_search_lowest(const mdg_search *s, int i, int64_t from) {
    for (bool moved = true; moved;) {
        moved = false;
        for (int k = 0; k < s->n_relations[i]; k++) {
            const mdg_relation *r = &s->relations[i][k];
            if (!s->is_placed[r->other]) continue;
            const int64_t other = s->offset[r->other], to = other + allowed_distance(r, from - other);
            moved = moved || to > from;
            from = to;
        }
    }
    return from;
}

void mdg_search_keep(mdg_search *s, int64_t bytes) {
    s->best_bytes = bytes;
    memcpy(s->best, s->offset, (size_t)s->n * sizeof *s->best);
}
