/* SPDX-License-Identifier: MIT
 *
 * Greedy placement: largest first, each at the lowest gap between its neighbours in time that fits it best.
 *
 * Buffers that share memory because a call works in place form one block; it lives while any of them does.
 */
#include "plan/plan.h"

#include <stdlib.h>

enum { MAX_ARENA_BYTES = 1 << 30 };

/* A piece of arena: one buffer, or several that share memory */
typedef struct block {
    size_t bytes, offset;
    int first, last;
} block;

typedef struct planner {
    mdg_program *program;
    size_t align;
    int *block_of; /* [n_buffers] block of each ARENA buffer, itself to begin with */
    block *blocks; /* [n_buffers] */
    int *order;    /* [n] used blocks, as they are to be placed */
    int n;
} planner;

static bool is_live(const mdg_buffer *b) {
    return b->kind == MDG_BUF_ARENA && b->first <= b->last;
}

static void join(planner *pl, int into, int from) {
    block *a = &pl->blocks[into], *b = &pl->blocks[from];
    if (b->bytes > a->bytes) a->bytes = b->bytes;
    if (b->first < a->first) a->first = b->first;
    if (b->last > a->last) a->last = b->last;
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
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        pl.block_of[i] = is_live(b) ? i : -1;
        pl.blocks[i] = (block){.bytes = b->bytes, .first = b->first, .last = b->last};
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

static int by_offset(const void *a, const void *b) {
    const block *const *x = a, *const *y = b;
    return ((*x)->offset > (*y)->offset) - ((*x)->offset < (*y)->offset);
}

/* The offset of the tightest gap for b among its neighbours, which are sorted by offset */
static size_t best_gap(const planner *pl, const block *b, block *const *neighbours, int n) {
    size_t end = 0, best = SIZE_MAX, best_room = SIZE_MAX;
    for (int i = 0; i < n; i++) {
        const size_t offset = neighbours[i]->offset;
        if (offset >= end + b->bytes && offset - end < best_room) {
            best = end;
            best_room = offset - end;
        }
        const size_t behind = aligned(pl, offset + neighbours[i]->bytes);
        if (behind > end) end = behind;
    }
    return best == SIZE_MAX ? end : best;
}

/* Places all blocks in order; returns the bytes that they take. */
static size_t place(planner *pl, block **neighbours) {
    size_t total = 0;
    for (int i = 0; i < pl->n; i++) {
        block *b = &pl->blocks[pl->order[i]];
        int n = 0;
        for (int j = 0; j < i; j++) {
            block *other = &pl->blocks[pl->order[j]];
            if (other->first <= b->last && b->first <= other->last) neighbours[n++] = other;
        }
        qsort(neighbours, (size_t)n, sizeof *neighbours, by_offset);
        b->offset = best_gap(pl, b, neighbours, n);
        const size_t end = aligned(pl, b->offset + b->bytes);
        if (end > total) total = end;
    }
    return total;
}

static void place_best(planner *pl) {
    static rank_fn *const ranks[] = {rank_by_bytes, rank_by_area, rank_by_time};
    const int n_ranks = sizeof ranks / sizeof *ranks;
    mdg_program *p = pl->program;
    block **neighbours = mdg_arena_array(p->arena, (size_t)pl->n, sizeof *neighbours);
    size_t totals[sizeof ranks / sizeof *ranks];
    int best = 0;
    for (int r = 0; r < n_ranks; r++) {
        sort_blocks(pl, ranks[r]);
        totals[r] = place(pl, neighbours);
        if (totals[r] < totals[best]) best = r;
    }
    sort_blocks(pl, ranks[best]);
    p->arena_bytes = place(pl, neighbours);
    for (int i = 0; i < p->n_buffers; i++)
        if (pl->block_of[i] >= 0) p->buffers[i].offset = pl->blocks[pl->block_of[i]].offset;
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
        if (b->bytes <= *max) continue;
        sum += b->bytes - *max;
        *max = b->bytes;
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
