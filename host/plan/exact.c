/* SPDX-License-Identifier: MIT
 *
 * All orders of ascending offsets, depth first. A branch ends where some block that is not placed yet, at its
 * lowest place, reaches as high as the best plan: places only get higher.
 */
#include <stdlib.h>

#include "plan/place_parts.h"

enum { MAX_BLOCKS = 48, MAX_NODES = 1 << 14 };

/* A block that may come next, at its lowest place */
typedef struct candidate {
    int64_t offset;
    int block;
} candidate;

typedef struct walk {
    mdg_search *s;
    int nodes;
} walk;

static int by_offset(const void *a, const void *b) {
    const candidate *x = a, *y = b;
    if (x->offset != y->offset) return x->offset < y->offset ? -1 : 1;
    return (x->block > y->block) - (x->block < y->block);
}

/* The blocks that are left, from `level` on; -1: one of them does not fit below the best plan. */
static int collect(const mdg_search *s, int64_t level, candidate *out) {
    int n = 0;
    for (int i = 0; i < s->n; i++) {
        if (s->is_placed[i]) continue;
        const int64_t offset = mdg_search_lowest(s, i, level);
        if (offset + s->pl->blocks[i].bytes >= s->best_bytes) return -1;
        out[n++] = (candidate){.offset = offset, .block = i};
    }
    qsort(out, (size_t)n, sizeof *out, by_offset);
    return n;
}

/* Blocks that have nothing to do with each other come in one order only, where they stand equally high. */
static bool is_repetition(const mdg_search *s, const candidate *next, int last, int64_t level) {
    if (last < 0 || next->block > last || next->offset > level) return false;
    for (int k = 0; k < s->n_relations[next->block]; k++)
        if (s->relations[next->block][k].other == last) return false;
    return true;
}

static int64_t height(const mdg_search *s) {
    int64_t top = 0;
    for (int i = 0; i < s->n; i++)
        if (s->offset[i] + s->pl->blocks[i].bytes > top) top = s->offset[i] + s->pl->blocks[i].bytes;
    return top;
}

static void descend(walk *w, int last, int64_t level) {
    candidate next[MAX_BLOCKS];
    mdg_search *s = w->s;
    if (++w->nodes > MAX_NODES || s->best_bytes <= s->bound) return;
    const int n = collect(s, level, next);
    if (n == 0) mdg_search_keep(s, height(s));
    for (int i = 0; i < n; i++) {
        if (is_repetition(s, &next[i], last, level)) continue;
        s->is_placed[next[i].block] = true;
        s->offset[next[i].block] = next[i].offset;
        descend(w, next[i].block, next[i].offset);
        s->is_placed[next[i].block] = false;
    }
}

/* Links that skip distances, and blocks that pass each other, may need places that are not the lowest. */
static bool is_complete(const mdg_search *s) {
    for (int k = 0; k < s->pl->n_links; k++)
        if (s->pl->links[k].step != s->pl->align) return false;
    for (int i = 0; i < s->n; i++)
        for (int k = 0; k < s->n_relations[i]; k++)
            if (s->relations[i][k].low > 0 || s->relations[i][k].high < 0) return false;
    return true;
}

bool mdg_search_all(mdg_search *s) {
    walk w = {.s = s};
    if (s->n > MAX_BLOCKS) return false;
    for (int i = 0; i < s->n; i++) s->is_placed[i] = false;
    descend(&w, -1, 0);
    return s->best_bytes <= s->bound || (w.nodes <= MAX_NODES && is_complete(s));
}
