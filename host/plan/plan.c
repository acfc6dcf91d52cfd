/* SPDX-License-Identifier: MIT
 *
 * From a program's buffers to blocks, and back.
 */
#include "plan/plan.h"

#include "plan/overlap.h"
#include "plan/place.h"

enum { MAX_ARENA_BYTES = 1 << 30 };

typedef struct planner {
    mdg_program *program;
    int64_t align;
    int *block_of;  /* [n_buffers] of each ARENA buffer that is used, else -1 */
    int *buffer_of; /* [n_blocks] */
    mdg_placing placing;
    mdg_link *links;
} planner;

static bool is_live(const mdg_buffer *b) {
    return b->kind == MDG_BUF_ARENA && b->first <= b->last;
}

static int64_t aligned(const planner *pl, size_t bytes) {
    return ((int64_t)bytes + pl->align - 1) / pl->align * pl->align;
}

static void add_blocks(planner *pl) {
    mdg_program *p = pl->program;
    const size_t n = (size_t)p->n_buffers;
    pl->block_of = mdg_arena_array(p->arena, n, sizeof *pl->block_of);
    pl->buffer_of = mdg_arena_array(p->arena, n, sizeof *pl->buffer_of);
    pl->placing.blocks = mdg_arena_array(p->arena, n, sizeof *pl->placing.blocks);
    for (int i = 0; i < p->n_buffers; i++) {
        const mdg_buffer *b = &p->buffers[i];
        pl->block_of[i] = -1;
        if (!is_live(b)) continue;
        const int block = pl->block_of[i] = pl->placing.n_blocks++;
        pl->buffer_of[block] = i;
        mdg_block *to = &pl->placing.blocks[block];
        *to = (mdg_block){.bytes = aligned(pl, b->bytes), .first = b->first, .last = b->last};
        to->pieces = mdg_plan_pieces(p, i);
        if (to->pieces.n == 1) to->pieces.list[0].to = to->bytes;
    }
}

/* The distances of an overlap that are multiples of the alignment, as a link; false where there is none
 * below `bytes`, at which input and output lie apart. */
static bool align_overlap(const planner *pl, const mdg_overlap *o, int64_t bytes, mdg_link *out) {
    const int64_t step = (int64_t)o->step;
    int64_t lead = (int64_t)o->lead, period = step;
    while (lead < bytes && lead % pl->align != 0 && step) lead += step;
    while (step && period % pl->align != 0) period += step;
    out->lead = lead;
    out->step = period;
    return lead < bytes && lead % pl->align == 0;
}

static bool is_linked(const mdg_placing *p, const mdg_link *l) {
    for (int i = 0; i < p->n_links; i++)
        if (p->links[i].in == l->in && p->links[i].out == l->out) return true;
    return false;
}

static bool may_overlap(const mdg_program *p, const mdg_call *c, int k, bool apart, mdg_overlap *out) {
    if (!apart) return mdg_call_overlap(p, c, k, out);
    *out = (mdg_overlap){.lead = 0, .step = 0};
    return c->inplace_in == k && c->inplace_out == 0;
}

/* Links output 0 of a call, where it is born there, with those inputs that die in it. */
static void add_links(planner *pl, int index, bool apart) {
    const mdg_program *p = pl->program;
    const mdg_call *c = &p->calls[index];
    mdg_overlap o;
    if (c->step != MDG_STEP_KERNEL || c->n_out < 1 || c->out[0] < 0) return;
    const mdg_buffer *out = &p->buffers[c->out[0]];
    if (!is_live(out) || out->first != index) return;
    for (int k = 0; k < c->n_in; k++) {
        const mdg_buffer *in = c->in[k] < 0 ? NULL : &p->buffers[c->in[k]];
        if (!in || !is_live(in) || in->last != index || in->first >= index) continue;
        if (!may_overlap(p, c, k, apart, &o)) continue;
        mdg_link *l = &pl->links[pl->placing.n_links];
        *l = (mdg_link){.in = pl->block_of[c->in[k]], .out = pl->block_of[c->out[0]]};
        if (!is_linked(&pl->placing, l) && align_overlap(pl, &o, aligned(pl, out->bytes), l))
            pl->placing.n_links++;
    }
}

static planner start(mdg_program *p, int align, bool apart) {
    planner pl = {.program = p, .align = align};
    int inputs = 0;
    pl.placing = (mdg_placing){.arena = p->arena, .align = align, .end = p->n_calls};
    add_blocks(&pl);
    for (int i = 0; i < p->n_calls; i++) inputs += p->calls[i].n_in;
    pl.placing.links = pl.links = mdg_arena_array(p->arena, (size_t)inputs, sizeof *pl.links);
    for (int i = 0; i < p->n_calls; i++) add_links(&pl, i, apart);
    return pl;
}

static void place_state(planner *pl) {
    mdg_program *p = pl->program;
    p->state_bytes = 0;
    for (int i = 0; i < p->n_buffers; i++) {
        if (p->buffers[i].kind != MDG_BUF_STATE) continue;
        p->buffers[i].offset = p->state_bytes;
        p->state_bytes += (size_t)aligned(pl, p->buffers[i].bytes);
    }
}

mdg_status mdg_plan(mdg_program *p, const mdg_plan_opts *opts, mdg_diag *diag) {
    const int align = opts && opts->align ? opts->align : 16;
    if (align < 1 || (align & (align - 1)))
        return mdg_fail(diag, MDG_INVALID, "an alignment of %d is no power of two", align);
    planner pl = start(p, align, opts && opts->apart);
    const int64_t bound = mdg_placing_bound(&pl.placing);
    if (bound > MAX_ARENA_BYTES)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: the model needs %lld bytes of working memory; at most 1 GiB is supported",
                        p->graph->source, (long long)bound);
    bool is_best;
    p->arena_bytes = (size_t)mdg_place(&pl.placing, bound, &is_best);
    p->arena_bound_bytes = is_best ? p->arena_bytes : (size_t)bound;
    for (int i = 0; i < pl.placing.n_blocks; i++)
        p->buffers[pl.buffer_of[i]].offset = (size_t)pl.placing.blocks[i].offset;
    place_state(&pl);
    mdg_program_place_parts(p);
    return MDG_OK;
}
