/* SPDX-License-Identifier: MIT
 *
 * Which channels can go. At first all are to go; then whatever an operator cannot do without is kept, until
 * nothing changes: the largest set that all operators agree on.
 *
 * A filter does without an input channel that is constant, if it adds the same to every output, or that has
 * no weight but 0 for the outputs that stay. Where channels pass one by one, they go on both sides or on
 * none.
 */
#include "pass/channels.h"

static bool *set_of(const mdg_channels *ch, const mdg_tensor_channels *t) {
    return ch->shaping ? t->gone : t->dropped;
}

static void keep(mdg_channels *ch, mdg_tensor_channels *t, int c) {
    if (!set_of(ch, t)[c]) return;
    set_of(ch, t)[c] = false;
    ch->changed = true;
}

static void keep_all(mdg_channels *ch, int32_t tensor) {
    if (tensor < 0) return;
    for (int c = 0; c < ch->of[tensor].n; c++) keep(ch, &ch->of[tensor], c);
}

static void link(mdg_channels *ch, mdg_tensor_channels *a, int ca, mdg_tensor_channels *b, int cb) {
    if (!set_of(ch, a)[ca]) keep(ch, b, cb);
    if (!set_of(ch, b)[cb]) keep(ch, a, ca);
}

/* -- Filters -- */

static bool has_no_weight(const mdg_filter *f, const mdg_tensor_channels *y, int32_t c) {
    for (int32_t oc = 0; oc < f->out_c; oc++) {
        if (y->dropped[oc]) continue;
        for (int32_t tap = 0; tap < f->rows * f->columns; tap++)
            if (mdg_filter_weight(f, oc, tap, c) != 0) return false;
    }
    return true;
}

static bool can_fold(const mdg_filter *f, mdg_range r) {
    return mdg_range_is_constant(r) && (r.lo == f->in_zero || mdg_filter_is_uniform(f));
}

static bool is_int8_constant(const mdg_tensor *t) {
    return t && t->data && t->type == MDG_INT8;
}

/* The rewriting takes weights of one byte, in the shape that the kernel sees, and no groups. */
static bool can_shrink(const mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    const mdg_filter *f = ch->filter[op];
    const mdg_tensor *w = mdg_op_input(ch->sub, o, 1), *bias = mdg_op_input(ch->sub, o, 2);
    if (!is_int8_constant(w) || (bias && !bias->data)) return false;
    if (o->code == MDG_OP_FULLY_CONNECTED) return w->shape.rank == 2;
    return f->is_depthwise || f->group == f->out_c;
}

static void select_depthwise(mdg_channels *ch, int op) {
    mdg_tensor_channels *x = mdg_channels_in(ch, op, 0), *y = mdg_channels_out(ch, op);
    if (x->n == 1) {
        keep(ch, x, 0);
        return;
    }
    for (int32_t oc = 0; oc < y->n; oc++) link(ch, x, mdg_filter_channel(ch->filter[op], oc, 0), y, oc);
}

static void select_filter(mdg_channels *ch, int op) {
    const mdg_filter *f = ch->filter[op];
    mdg_tensor_channels *x = mdg_channels_in(ch, op, 0), *y = mdg_channels_out(ch, op);
    if (!can_shrink(ch, op)) {
        keep_all(ch, ch->sub->ops[op].inputs[0]);
        keep_all(ch, ch->sub->ops[op].outputs[0]);
        return;
    }
    if (f->is_depthwise) {
        select_depthwise(ch, op);
        return;
    }
    for (int c = 0; c < x->n && !ch->shaping; c++) {
        if (!x->dropped[c]) continue;
        if (ch->pinned[op] || !(can_fold(f, x->range[c]) || has_no_weight(f, y, c))) keep(ch, x, c);
    }
}

/* -- Others -- */

static void select_unary(mdg_channels *ch, int op) {
    mdg_tensor_channels *x = mdg_channels_in(ch, op, 0), *y = mdg_channels_out(ch, op);
    for (int c = 0; c < y->n; c++) link(ch, x, c % x->n, y, c);
}

static void select_opaque(mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    for (int k = 0; k < o->n_inputs; k++) keep_all(ch, o->inputs[k]);
    for (int k = 0; k < o->n_outputs; k++) keep_all(ch, o->outputs[k]);
    for (int k = 0; k < o->n_intermediates; k++) keep_all(ch, o->intermediates[k]);
}

/* An operand of one channel for all of the output's stays whole, and with it the output. */
static void select_binary(mdg_channels *ch, int op) {
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    for (int k = 0; k < 2; k++) {
        mdg_tensor_channels *x = mdg_channels_in(ch, op, k);
        if (x->n != y->n)
            select_opaque(ch, op);
        else
            for (int c = 0; c < y->n; c++) link(ch, x, c, y, c);
    }
}

static void select_concatenation(mdg_channels *ch, int op) {
    const mdg_op *o = &ch->sub->ops[op];
    const bool along_channels = mdg_channels_axis(ch, op) == ch->sub->tensors[o->outputs[0]].shape.rank - 1;
    mdg_tensor_channels *y = mdg_channels_out(ch, op);
    int at = 0;
    for (int k = 0; k < o->n_inputs; k++) {
        mdg_tensor_channels *x = mdg_channels_in(ch, op, k);
        for (int c = 0; c < x->n; c++) link(ch, x, c, y, along_channels ? at++ : c);
    }
}

static void select_op(mdg_channels *ch, int op) {
    switch (ch->kind[op]) {
    case MDG_CHANNEL_OPAQUE: select_opaque(ch, op); break;
    case MDG_CHANNEL_FILTER: select_filter(ch, op); break;
    case MDG_CHANNEL_UNARY: select_unary(ch, op); break;
    case MDG_CHANNEL_BINARY: select_binary(ch, op); break;
    case MDG_CHANNEL_CONCATENATION: select_concatenation(ch, op); break;
    }
}

/* -- The fixed point -- */

/* All channels that an operator writes are to go, but for those of the model's ends. */
static void drop_all(mdg_channels *ch) {
    for (int op = 0; op < ch->sub->n_ops; op++) {
        const mdg_op *o = &ch->sub->ops[op];
        for (int k = 0; k < o->n_outputs; k++) {
            mdg_tensor_channels *t = &ch->of[o->outputs[k]];
            for (int c = 0; c < t->n; c++) t->dropped[c] = !t->is_fixed;
        }
    }
}

static void settle(mdg_channels *ch) {
    do {
        ch->changed = false;
        for (int op = ch->sub->n_ops - 1; op >= 0; op--) select_op(ch, op);
    } while (ch->changed);
}

static bool fits_bias(const mdg_filter *f, const mdg_tensor_channels *x, const mdg_tensor_channels *y) {
    for (int32_t oc = 0; oc < f->out_c; oc++) {
        if (y->dropped[oc]) continue;
        const int64_t bias = (f->bias ? f->bias[oc] : 0) + mdg_filter_folded(f, x, oc);
        if (bias < INT32_MIN || bias > INT32_MAX) return false;
    }
    return true;
}

/* Pins the filters whose biases would overflow; false when there are none. */
static bool pin(mdg_channels *ch) {
    bool any = false;
    for (int op = 0; op < ch->sub->n_ops; op++) {
        const mdg_filter *f = ch->filter[op];
        if (!f || ch->pinned[op] || fits_bias(f, mdg_channels_in(ch, op, 0), mdg_channels_out(ch, op)))
            continue;
        ch->pinned[op] = any = true;
    }
    return any;
}

/* -- The shape of what is left -- */

/* One scale for each output or one for all is told by their number, and rounded differently when there is a
 * single one (FULLY_CONNECTED). */
static int fewest_channels(const mdg_channels *ch, int op) {
    const mdg_filter *f = ch->filter[op];
    return f && f->per_channel && ch->sub->ops[op].code == MDG_OP_FULLY_CONNECTED ? 2 : 1;
}

static bool fill_tensor(mdg_tensor_channels *t, int fewest, int granule) {
    int kept = 0;
    for (int c = 0; c < t->n; c++) kept += !t->gone[c];
    const int target = ((kept > fewest ? kept : fewest) + granule - 1) / granule * granule;
    const bool fills = kept < target && kept < t->n;
    for (int c = 0; c < t->n && kept < target; c++) {
        kept += t->gone[c];
        t->gone[c] = false;
    }
    return fills;
}

/* Fills up one tensor; false when none needs it. */
static bool fill_up(mdg_channels *ch, int granule) {
    for (int op = ch->sub->n_ops - 1; op >= 0; op--) {
        const mdg_op *o = &ch->sub->ops[op];
        for (int k = 0; k < o->n_outputs; k++)
            if (fill_tensor(&ch->of[o->outputs[k]], fewest_channels(ch, op), granule)) return true;
    }
    return false;
}

void mdg_channels_select(mdg_channels *ch, int granule) {
    drop_all(ch);
    do settle(ch);
    while (pin(ch));
    for (int t = 0; t < ch->sub->n_tensors; t++)
        for (int c = 0; c < ch->of[t].n; c++) ch->of[t].gone[c] = ch->of[t].dropped[c];
    ch->shaping = true;
    do settle(ch);
    while (fill_up(ch, granule));
}
