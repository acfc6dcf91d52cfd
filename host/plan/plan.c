/* SPDX-License-Identifier: MIT
 *
 * Greedy placement: largest first, each at the lowest gap between its neighbours in time that fits it best.
 *
 * Buffers that share memory because a call works in place form one block; it lives while any of them does,
 * piece by piece (pieces.h).
 */
#include "plan/plan.h"

#include <stdlib.h>

#include "plan/pieces.h"

enum { MAX_ARENA_BYTES = 1 << 30 };

/* A piece of arena: one buffer, or several that share memory */
typedef struct block {
    size_t bytes;
    int64_t offset; /* while blocks are placed, below 0 as well */
    int first, last;
    mdg_pieces pieces;
} block;

/* What keeps the block that is placed next from offsets between low and high, both excluded */
typedef mdg_clash obstacle;

typedef struct planner {
    mdg_program *program;
    size_t align;
    int *block_of;      /* [n_buffers] block of each ARENA buffer, itself to begin with */
    block *blocks;      /* [n_buffers] */
    mdg_pieces *pieces; /* [n_buffers] of each live buffer */
    int *order;         /* [n] used blocks, as they are to be placed */
    int n;
    bool goes_below; /* blocks may be placed before all others */
} planner;

static bool is_live(const mdg_buffer *b) {
    return b->kind == MDG_BUF_ARENA && b->first <= b->last;
}

static void join(planner *pl, int into, int from) {
    block *a = &pl->blocks[into], *b = &pl->blocks[from];
    if (b->bytes > a->bytes) a->bytes = b->bytes;
    if (b->first < a->first) a->first = b->first;
    if (b->last > a->last) a->last = b->last;
    a->pieces = mdg_plan_join(pl->program->arena, &a->pieces, &b->pieces);
    for (int i = 0; i < pl->program->n_buffers; i++)
        if (pl->block_of[i] == from) pl->block_of[i] = into;
}

/* Joins output and input of a call that may work in place, where the input dies in this call and the output
 * is born. */
static void join_inplace(planner *pl, int call) {
    const mdg_call *c = &pl->program->calls[call];
    if (c->step != MDG_STEP_KERNEL || c->inplace_in < 0 || c->inplace_out < 0) return;
    const int in = c->in[c->inplace_in], out = c->out[c->inplace_out];
    if (in < 0 || out < 0 || in == out) return;
    const mdg_buffer *bi = &pl->program->buffers[in], *bo = &pl->program->buffers[out];
    if (!is_live(bi) || !is_live(bo) || bo->first != call) return;
    if (pl->blocks[pl->block_of[in]].last == call) join(pl, pl->block_of[in], pl->block_of[out]);
}

static planner start(mdg_program *p, size_t align) {
    planner pl = {.program = p, .align = align};
    const size_t n = (size_t)p->n_buffers;
    pl.block_of = mdg_arena_array(p->arena, n, sizeof *pl.block_of);
    pl.blocks = mdg_arena_array(p->arena, n, sizeof *pl.blocks);
    pl.order = mdg_arena_array(p->arena, n, sizeof *pl.order);
    pl.pieces = mdg_arena_array(p->arena, n, sizeof *pl.pieces);
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        pl.block_of[i] = is_live(b) ? i : -1;
        if (is_live(b)) pl.pieces[i] = mdg_plan_pieces(p, i);
        pl.blocks[i] = (block){.bytes = b->bytes, .first = b->first, .last = b->last, .pieces = pl.pieces[i]};
    }
    for (int i = 0; i < p->n_calls; i++) join_inplace(&pl, i);
    for (int i = 0; i < p->n_buffers; i++)
        if (pl.block_of[i] == i) pl.order[pl.n++] = i;
    return pl;
}

/* How blocks are ranked for placing: several rankings are tried, none is best for every network. */
typedef int64_t rank_fn(const block *b);

static int64_t rank_by_bytes(const block *b) {
    return (int64_t)b->bytes;
}
static int64_t rank_by_area(const block *b) {
    return (int64_t)b->bytes * (b->last - b->first + 1);
}
static int64_t rank_by_time(const block *b) {
    return -(int64_t)b->first;
}

/* Insertion sort, descending and stable: programs have some hundred blocks */
static void sort_blocks(planner *pl, rank_fn *rank) {
    for (int i = 1; i < pl->n; i++) {
        const int moved = pl->order[i];
        const int64_t key = rank(&pl->blocks[moved]);
        int j = i;
        for (; j > 0; j--) {
            const int64_t other = rank(&pl->blocks[pl->order[j - 1]]);
            if (other > key || (other == key && pl->order[j - 1] < moved)) break;
            pl->order[j] = pl->order[j - 1];
        }
        pl->order[j] = moved;
    }
}

static size_t aligned(const planner *pl, size_t bytes) {
    return (bytes + pl->align - 1) / pl->align * pl->align;
}

static int by_low(const void *a, const void *b) {
    const obstacle *x = a, *y = b;
    return (x->low > y->low) - (x->low < y->low);
}

static int64_t aligned_down(const planner *pl, int64_t offset) {
    return offset & -(int64_t)pl->align;
}

static int64_t aligned_up(const planner *pl, int64_t offset) {
    return aligned_down(pl, offset + (int64_t)pl->align - 1);
}

/* The stretch that placed blocks take */
typedef struct extent {
    int64_t from, to;
} extent;

/* Where a block may go */
typedef struct gap {
    int64_t offset, growth, room; /* growth: of the extent */
} gap;

static void consider(gap *best, const block *b, const extent *e, int64_t offset, int64_t room) {
    const int64_t end = offset + (int64_t)b->bytes;
    const int64_t growth = (offset < e->from ? e->from - offset : 0) + (end > e->to ? end - e->to : 0);
    if (growth > best->growth || (growth == best->growth && room >= best->room)) return;
    *best = (gap){offset, growth, room};
}

/* The offset that lets the extent grow least, and of these the one with the least room among the obstacles,
 * which are sorted */
static int64_t best_gap(const planner *pl, const block *b, const extent *e, const obstacle *list, int n) {
    gap best = {.growth = INT64_MAX};
    if (n == 0) return e->from;
    const int64_t below = list[0].low < e->from ? aligned_down(pl, list[0].low) : e->from;
    if (below == e->from || pl->goes_below) consider(&best, b, e, below, list[0].low - below);
    int64_t end = aligned_up(pl, list[0].high);
    for (int i = 1; i < n; i++) {
        if (list[i].low >= end) consider(&best, b, e, end, list[i].low - end);
        if (list[i].high > end) end = aligned_up(pl, list[i].high);
    }
    consider(&best, b, e, end, INT64_MAX);
    return best.offset;
}

/* What b and a placed block have to do with each other, as offsets of b */
static bool is_obstacle(const block *placed, const block *b, obstacle *out) {
    if (placed->first > b->last || b->first > placed->last ||
        !mdg_plan_clash(&placed->pieces, &b->pieces, out))
        return false;
    out->low += placed->offset;
    out->high += placed->offset;
    return true;
}

/* Places all blocks in order; returns the bytes that they take. */
static size_t place(planner *pl, obstacle *obstacles) {
    extent e = {0, 0};
    for (int i = 0; i < pl->n; i++) {
        block *b = &pl->blocks[pl->order[i]];
        int n = 0;
        for (int j = 0; j < i; j++) n += is_obstacle(&pl->blocks[pl->order[j]], b, &obstacles[n]);
        qsort(obstacles, (size_t)n, sizeof *obstacles, by_low);
        b->offset = best_gap(pl, b, &e, obstacles, n);
        const int64_t end = aligned_up(pl, b->offset + (int64_t)b->bytes);
        if (b->offset < e.from) e.from = b->offset;
        if (end > e.to) e.to = end;
    }
    for (int i = 0; i < pl->n; i++) pl->blocks[pl->order[i]].offset -= e.from;
    return (size_t)(e.to - e.from);
}

/* Way 2r and 2r + 1 to place blocks: in the order of rank r, the latter also before all others */
static size_t place_in_way(planner *pl, int way, obstacle *obstacles) {
    static rank_fn *const ranks[] = {rank_by_bytes, rank_by_area, rank_by_time};
    sort_blocks(pl, ranks[way / 2]);
    pl->goes_below = way % 2;
    return place(pl, obstacles);
}

static void place_best(planner *pl) {
    enum { WAYS = 6 };
    mdg_program *p = pl->program;
    obstacle *obstacles = mdg_arena_array(p->arena, (size_t)pl->n, sizeof *obstacles);
    size_t totals[WAYS];
    int best = 0;
    for (int way = 0; way < WAYS; way++) {
        totals[way] = place_in_way(pl, way, obstacles);
        if (totals[way] < totals[best]) best = way;
    }
    p->arena_bytes = place_in_way(pl, best, obstacles);
    for (int i = 0; i < p->n_buffers; i++)
        if (pl->block_of[i] >= 0) p->buffers[i].offset = (size_t)pl->blocks[pl->block_of[i]].offset;
}

/* The bytes in use at a moment: of buffers that share memory the largest counts. */
static size_t live_bytes(const planner *pl, int moment, size_t *largest) {
    const mdg_program *p = pl->program;
    size_t sum = 0;
    for (int i = 0; i < p->n_buffers; i++)
        if (pl->block_of[i] >= 0) largest[pl->block_of[i]] = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        if (pl->block_of[i] < 0 || b->first > moment || b->last < moment) continue;
        size_t *max = &largest[pl->block_of[i]];
        const size_t bytes = mdg_plan_live(&pl->pieces[i], moment);
        if (bytes <= *max) continue;
        sum += bytes - *max;
        *max = bytes;
    }
    return sum;
}

static void set_bound(planner *pl) {
    mdg_program *p = pl->program;
    size_t *largest = mdg_arena_array(p->arena, (size_t)p->n_buffers, sizeof *largest);
    p->arena_bound_bytes = 0;
    for (int moment = -1; moment <= p->n_calls; moment++) {
        const size_t bytes = live_bytes(pl, moment, largest);
        if (bytes > p->arena_bound_bytes) p->arena_bound_bytes = bytes;
    }
}

static void place_state(planner *pl) {
    mdg_program *p = pl->program;
    p->state_bytes = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        if (p->buffers[i].kind != MDG_BUF_STATE) continue;
        p->buffers[i].offset = p->state_bytes;
        p->state_bytes += aligned(pl, p->buffers[i].bytes);
    }
}

mdg_status mdg_plan(mdg_program *p, const mdg_plan_opts *opts, mdg_diag *diag) {
    const int align = opts && opts->align ? opts->align : 16;
    if (align < 1 || (align & (align - 1)))
        return mdg_fail(diag, MDG_INVALID, "an alignment of %d is no power of two", align);
    planner pl = start(p, (size_t)align);
    set_bound(&pl);
    if (p->arena_bound_bytes > MAX_ARENA_BYTES)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: the model needs %zu bytes of working memory; at most 1 GiB is supported",
                        p->graph->source, p->arena_bound_bytes);
    place_best(&pl);
    place_state(&pl);
    mdg_program_place_parts(p);
    return MDG_OK;
}
