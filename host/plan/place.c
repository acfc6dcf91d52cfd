/* SPDX-License-Identifier: MIT */
#include "plan/place.h"

#include <string.h>

#include "plan/place_parts.h"
#include "util/rng.h"

/* -- The bound -- */

static bool lives(const mdg_block *b, int moment) {
    return b->first <= moment && b->last >= moment;
}

static int64_t live_bytes(const mdg_block *b, int moment) {
    return (int64_t)mdg_plan_live(&b->pieces, moment);
}

/* The blocks that some `out` may overlap, all of them live: they lie apart, and each needs its distance. */
static int64_t linked_bytes(const mdg_placing *pl, int out, int moment) {
    int64_t sum = 0, most = live_bytes(&pl->blocks[out], moment);
    for (int k = 0; k < pl->n_links; k++) {
        const mdg_link *l = &pl->links[k];
        if (l->out != out || !lives(&pl->blocks[l->in], moment)) continue;
        const int64_t bytes = live_bytes(&pl->blocks[l->in], moment);
        sum += bytes;
        if (l->lead + bytes > most) most = l->lead + bytes;
    }
    return most > sum ? most : sum;
}

static bool is_linked_in(const mdg_placing *pl, int block, int moment) {
    for (int k = 0; k < pl->n_links; k++)
        if (pl->links[k].in == block && lives(&pl->blocks[pl->links[k].out], moment)) return true;
    return false;
}

int64_t mdg_placing_bound(const mdg_placing *pl) {
    int64_t bound = 0;
    for (int moment = -1; moment <= pl->end; moment++) {
        int64_t sum = 0;
        for (int i = 0; i < pl->n_blocks; i++)
            if (lives(&pl->blocks[i], moment) && !is_linked_in(pl, i, moment))
                sum += linked_bytes(pl, i, moment);
        if (sum > bound) bound = sum;
    }
    return bound;
}

/* -- Orders that are often good -- */

typedef int64_t rank_fn(const mdg_block *b);

static int64_t rank_by_bytes(const mdg_block *b) {
    return b->bytes;
}
static int64_t rank_by_area(const mdg_block *b) {
    return b->bytes * (b->last - b->first + 1);
}
static int64_t rank_by_begin(const mdg_block *b) {
    return -(int64_t)b->first;
}
static int64_t rank_by_end(const mdg_block *b) {
    return b->last;
}

/* Insertion sort, descending and stable: programs have some hundred blocks */
static void sort_blocks(const mdg_placing *pl, rank_fn *rank, int *order) {
    for (int i = 0; i < pl->n_blocks; i++) {
        const int64_t key = rank(&pl->blocks[i]);
        int j = i;
        for (; j > 0 && rank(&pl->blocks[order[j - 1]]) < key; j--) order[j] = order[j - 1];
        order[j] = i;
    }
}

static void move(int *order, int from, int to) {
    const int block = order[from];
    const int step = from < to ? 1 : -1;
    for (int i = from; i != to; i += step) order[i] = order[i + step];
    order[to] = block;
}

/* Places all blocks in order. Returns the bytes that they take, or something larger than `limit`. */
static int64_t place_in_order(mdg_search *s, const int *order, int64_t limit) {
    int64_t total = 0;
    memset(s->is_placed, 0, (size_t)s->n * sizeof *s->is_placed);
    for (int i = 0; i < s->n && total <= limit; i++) {
        const int b = order[i];
        s->offset[b] = mdg_search_lowest(s, b, 0);
        s->is_placed[b] = true;
        const int64_t end = s->offset[b] + s->pl->blocks[b].bytes;
        if (end > total) total = end;
    }
    return total;
}

/* The lowest place of a block within [from, to), or the one outside, before or behind, that is nearest */
static int64_t nearest_place(const mdg_search *s, int block, int64_t from, int64_t to) {
    const int64_t bytes = s->pl->blocks[block].bytes, behind = mdg_search_lowest(s, block, from);
    for (int64_t below = s->pl->align; below < behind + bytes - to; below *= 2) {
        const int64_t at = mdg_search_lowest(s, block, from - below);
        if (at < from && at + bytes <= to) return at;
    }
    return behind;
}

/* The same with places before the first block, so that what follows its input in time may precede it in
 * memory */
static int64_t place_both_ways(mdg_search *s, const int *order) {
    int64_t from = 0, to = 0;
    memset(s->is_placed, 0, (size_t)s->n * sizeof *s->is_placed);
    for (int i = 0; i < s->n; i++) {
        const int b = order[i];
        const int64_t at = s->offset[b] = nearest_place(s, b, from, to), end = at + s->pl->blocks[b].bytes;
        s->is_placed[b] = true;
        if (at < from) from = at;
        if (end > to) to = end;
    }
    for (int i = 0; i < s->n; i++) s->offset[i] -= from;
    return to - from;
}

static void keep_order(mdg_search *s, const int *order, int64_t bytes) {
    if (bytes > s->best_bytes) return; /* of equals the last: changes wander */
    mdg_search_keep(s, bytes);
    memcpy(s->best_order, order, (size_t)s->n * sizeof *order);
}

static void try_order(mdg_search *s, const int *order) {
    keep_order(s, order, place_in_order(s, order, s->best_bytes));
}

/* Moves blocks of at least 1 / part of the largest to the front: the small ones fill what these leave. */
static void take_large_first(const mdg_placing *pl, int part, int *order) {
    int64_t largest = 0;
    int n = 0;
    for (int i = 0; i < pl->n_blocks; i++)
        if (pl->blocks[i].bytes > largest) largest = pl->blocks[i].bytes;
    for (int i = 0; i < pl->n_blocks; i++)
        if (part * pl->blocks[order[i]].bytes >= largest) move(order, i, n++);
}

static void try_ranks(mdg_search *s) {
    static rank_fn *const ranks[] = {rank_by_begin, rank_by_end, rank_by_area, rank_by_bytes};
    int *order = mdg_arena_array(s->pl->arena, (size_t)s->n, sizeof *order);
    for (size_t r = 0; r < sizeof ranks / sizeof *ranks && s->best_bytes > s->bound; r++) {
        sort_blocks(s->pl, ranks[r], order);
        try_order(s, order);
        keep_order(s, order, place_both_ways(s, order));
        for (int part = 4; part >= 2; part--) {
            take_large_first(s->pl, part, order);
            try_order(s, order);
            keep_order(s, order, place_both_ways(s, order));
        }
    }
}

/* -- Changes of the best order -- */

enum { MAX_CHANGES = 4000, MAX_STEPS = 8 << 20 };

/* The place in the order of a block that ends highest, or of any */
static int choose(const mdg_search *s, mdg_rng *r, const int *order) {
    const int start = (int)mdg_rng_below(r, (uint32_t)s->n);
    if (mdg_rng_below(r, 2)) return start;
    for (int i = 0; i < s->n; i++) {
        const int at = (start + i) % s->n, b = order[at];
        if (s->best[b] + s->pl->blocks[b].bytes == s->best_bytes) return at;
    }
    return start;
}

static void try_changes(mdg_search *s) {
    mdg_rng r = mdg_rng_of(1, 0);
    int *order = mdg_arena_array(s->pl->arena, (size_t)s->n, sizeof *order);
    const int fitting = MAX_STEPS / (s->n * s->n + 1),
              changes = fitting < MAX_CHANGES ? fitting : MAX_CHANGES;
    for (int i = 0; i < changes && s->best_bytes > s->bound; i++) {
        memcpy(order, s->best_order, (size_t)s->n * sizeof *order);
        const int moves = 1 + (int)mdg_rng_below(&r, 2);
        for (int m = 0; m < moves; m++)
            move(order, choose(s, &r, order), (int)mdg_rng_below(&r, (uint32_t)s->n));
        try_order(s, order);
    }
}

int64_t mdg_place(mdg_placing *pl, int64_t bound, bool *is_best) {
    mdg_search s = mdg_search_new(pl, bound);
    if (s.n > 0) {
        try_ranks(&s);
        try_changes(&s);
    } else {
        s.best_bytes = 0;
    }
    *is_best = s.best_bytes == bound || mdg_search_all(&s);
    for (int i = 0; i < s.n; i++) pl->blocks[i].offset = s.best[i];
    return s.best_bytes;
}
