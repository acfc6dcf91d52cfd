/* SPDX-License-Identifier: MIT */
#include "pass/channels.h"

#include <inttypes.h>

/* The only call of each operator of subgraph 0 */
static void find_calls(mdg_channels *ch) {
    int *n_calls = mdg_arena_array(ch->arena, (size_t)ch->sub->n_ops, sizeof *n_calls);
    for (int i = 0; i < ch->program.n_calls; i++) {
        const mdg_call *c = &ch->program.calls[i];
        if (c->subgraph != 0 || c->op < 0) continue;
        const bool is_only = n_calls[c->op]++ == 0 && c->step == MDG_STEP_KERNEL;
        ch->call[c->op] = is_only ? c : NULL;
    }
}

static void find_kinds(mdg_channels *ch) {
    for (int op = 0; op < ch->sub->n_ops; op++) {
        ch->kind[op] = mdg_channel_kind_of(ch, op);
        if (ch->kind[op] != MDG_CHANNEL_FILTER) continue;
        mdg_filter *f = mdg_arena_alloc(ch->arena, sizeof *f);
        if (mdg_filter_read(ch, op, f))
            ch->filter[op] = f;
        else
            ch->kind[op] = MDG_CHANNEL_OPAQUE;
    }
}

mdg_status mdg_channels_open(const mdg_graph *g, mdg_arena *arena, mdg_channels *ch, mdg_diag *diag) {
    *ch = (mdg_channels){.arena = arena, .graph = g, .sub = &g->subgraphs[0]};
    MDG_TRY(mdg_lower(g, arena, &ch->program, diag));
    const size_t n_ops = (size_t)ch->sub->n_ops;
    ch->call = mdg_arena_array(arena, n_ops, sizeof *ch->call);
    ch->kind = mdg_arena_array(arena, n_ops, sizeof *ch->kind);
    ch->filter = mdg_arena_array(arena, n_ops, sizeof *ch->filter);
    ch->pinned = mdg_arena_array(arena, n_ops, sizeof *ch->pinned);
    ch->of = mdg_arena_array(arena, (size_t)ch->sub->n_tensors, sizeof *ch->of);
    find_calls(ch);
    mdg_channels_measure_tensors(ch);
    find_kinds(ch);
    mdg_channels_measure(ch);
    return MDG_OK;
}

mdg_status mdg_remove_channels(const mdg_graph *g, int granule, mdg_arena *arena, mdg_graph **out,
                               mdg_channel_report *report, mdg_diag *diag) {
    mdg_channels ch;
    MDG_TRY(mdg_channels_open(g, arena, &ch, diag));
    mdg_channels_select(&ch, granule);
    *out = mdg_channels_rewrite(&ch);
    if (report) mdg_channels_report(&ch, *out, report);
    return mdg_graph_check(*out, diag);
}

/* -- The report -- */

static size_t weights_bytes(const mdg_subgraph *s, const mdg_op *op) {
    size_t bytes = 0;
    for (int k = 0; k < op->n_inputs; k++) {
        const mdg_tensor *t = mdg_op_input(s, op, k);
        if (t && t->data) bytes += t->bytes;
    }
    return bytes;
}

static mdg_channel_row row_of(const mdg_channels *ch, const mdg_subgraph *after, int op) {
    const mdg_op *o = &ch->sub->ops[op], *a = &after->ops[op];
    mdg_channel_row r = {.name = mdg_op_name(o)};
    r.macs_before = mdg_op_macs(ch->sub, o), r.macs_after = mdg_op_macs(after, a);
    r.weights_before = weights_bytes(ch->sub, o), r.weights_after = weights_bytes(after, a);
    if (o->n_outputs == 0 || ch->of[o->outputs[0]].n == 0) return r;
    const mdg_tensor_channels *y = mdg_channels_out(ch, op);
    r.channels_before = y->n;
    for (int c = 0; c < y->n; c++) {
        r.channels_after += !y->gone[c];
        r.constant += mdg_range_is_constant(y->range[c]);
    }
    return r;
}

static void add_row(mdg_channel_row *total, const mdg_channel_row *r) {
    total->constant += r->constant;
    total->channels_before += r->channels_before;
    total->channels_after += r->channels_after;
    total->macs_before += r->macs_before;
    total->macs_after += r->macs_after;
    total->weights_before += r->weights_before;
    total->weights_after += r->weights_after;
}

void mdg_channels_report(const mdg_channels *ch, const mdg_graph *after, mdg_channel_report *out) {
    const int n = ch->sub->n_ops;
    *out = (mdg_channel_report){.n_ops = n, .total = {.name = "all"}};
    out->ops = mdg_arena_array(ch->arena, (size_t)n, sizeof *out->ops);
    for (int op = 0; op < n; op++) {
        out->ops[op] = row_of(ch, &after->subgraphs[0], op);
        add_row(&out->total, &out->ops[op]);
    }
}

static void print_row(const char *index, const mdg_channel_row *r, FILE *out) {
    fprintf(out, "%4s  %-26s %8d %8d %8d %12" PRId64 " %12" PRId64 " %10zu %10zu\n", index, r->name,
            r->channels_before, r->constant, r->channels_after, r->macs_before, r->macs_after,
            r->weights_before, r->weights_after);
}

void mdg_channel_report_print(const mdg_channel_report *r, FILE *out) {
    fprintf(out, "%4s  %-26s %8s %8s %8s %12s %12s %10s %10s\n", "op", "name", "channels", "constant", "left",
            "MACs", "left", "weights B", "left");
    for (int op = 0; op < r->n_ops; op++) {
        const mdg_channel_row *row = &r->ops[op];
        char index[12];
        snprintf(index, sizeof index, "%d", op);
        if (row->constant || row->weights_after != row->weights_before) print_row(index, row, out);
    }
    print_row("", &r->total, out);
}
