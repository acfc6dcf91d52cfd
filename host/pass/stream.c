/* SPDX-License-Identifier: MIT */
#include "pass/stream.h"

#include "pass/stream_parts.h"

static mdg_status refuse(const mdg_graph *g, mdg_diag *diag, const char *cause) {
    return mdg_fail(diag, MDG_UNSUPPORTED, "%s: it cannot be streamed: %s", g->source, cause);
}

static mdg_status check_model(const mdg_graph *g, const mdg_program *p, mdg_diag *diag) {
    const mdg_subgraph *s = &g->subgraphs[0];
    if (g->n_subgraphs != 1) return refuse(g, diag, "it has several subgraphs");
    if (s->n_inputs != 1) return refuse(g, diag, "it has not one input, which time could run along");
    for (int i = 0; i < p->n_buffers; i++)
        if (p->buffers[i].kind == MDG_BUF_STATE)
            return refuse(g, diag, "it keeps a state of its own from one inference to the next");
    if (mdg_frame_count(&s->tensors[s->inputs[0]]) < 2)
        return refuse(g, diag, "its input is a single number");
    return MDG_OK;
}

static int64_t lcm(int64_t a, int64_t b) {
    int64_t x = a, y = b;
    while (y) {
        const int64_t rest = x % y;
        x = y;
        y = rest;
    }
    return a / x * b;
}

/* The fewest frames that all steps divide; stops once that is more than the window. */
static int64_t smallest_hop(const mdg_frames *f, int64_t window) {
    int64_t hop = 1;
    for (int t = 0; t < f->sub->n_tensors && hop <= window; t++)
        if (f->step[t]) hop = lcm(hop, f->step[t]);
    return hop;
}

static mdg_status choose_hop(mdg_frames *f, int hop) {
    const mdg_tensor *x = &f->sub->tensors[f->sub->inputs[0]];
    const int window = mdg_frame_count(x);
    f->hop = hop;
    MDG_TRY(mdg_stream_follow(f));
    if (!hop) f->hop = smallest_hop(f, window);
    if (f->hop < window) return MDG_OK;
    if (hop)
        return mdg_fail(f->diag, MDG_INVALID, "%s: a hop of %d frames is not less than the window, %d frames",
                        f->graph->source, hop, window);
    return mdg_fail(
        f->diag, MDG_UNSUPPORTED,
        "%s: the strides of its layers along time divide no hop below the window, %d frames; a hop "
        "of your own would stream its first layers",
        f->graph->source, window);
}

/* The first operator with weights, or the first at all, that needs the whole window */
static int first_hindrance(const mdg_frames *f) {
    int first = -1;
    for (int i = 0; i < f->sub->n_ops; i++) {
        if (!f->ops[i].why) continue;
        if (mdg_op_macs(f->sub, &f->sub->ops[i]) > 0) return i;
        if (first < 0) first = i;
    }
    return first;
}

static int64_t work_of(const mdg_subgraph *s) {
    int64_t macs = 0;
    for (int i = 0; i < s->n_ops; i++) macs += mdg_op_macs(s, &s->ops[i]);
    return macs;
}

static mdg_status check_gain(const mdg_frames *f, const mdg_graph *streaming) {
    const int64_t before = work_of(f->sub), after = work_of(&streaming->subgraphs[0]);
    const int op = first_hindrance(f);
    if (op < 0 || before == 0 || after < before) return MDG_OK;
    return mdg_fail(f->diag, MDG_UNSUPPORTED,
                    "%s: op %d %s: it needs the whole window (%s), so that streaming would save nothing",
                    f->graph->source, op, mdg_op_name(&f->sub->ops[op]), f->ops[op].why);
}

mdg_status mdg_stream(const mdg_graph *g, int hop, mdg_arena *arena, mdg_graph **out, mdg_diag *diag) {
    mdg_frames f = {.arena = arena, .graph = g, .sub = &g->subgraphs[0], .diag = diag};
    MDG_TRY(mdg_lower(g, arena, &f.program, diag));
    MDG_TRY(check_model(g, &f.program, diag));
    f.step = mdg_arena_array(arena, (size_t)f.sub->n_tensors, sizeof *f.step);
    f.ops = mdg_arena_array(arena, (size_t)f.sub->n_ops, sizeof *f.ops);
    MDG_TRY(choose_hop(&f, hop));
    mdg_graph *streaming = mdg_stream_rewrite(&f);
    MDG_TRY(check_gain(&f, streaming));
    const int32_t window = mdg_frame_count(&f.sub->tensors[f.sub->inputs[0]]), step = (int32_t)f.hop;
    streaming->streaming = (mdg_streaming){step, window, (window + step - 1) / step - 1};
    *out = streaming;
    return mdg_graph_check(streaming, diag);
}
