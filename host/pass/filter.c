/* SPDX-License-Identifier: MIT
 *
 * CONV_2D, DEPTHWISE_CONV_2D and FULLY_CONNECTED as one kind of filter, and the range of its outputs.
 *
 * Near a border a window's taps are partly outside the input, where they add nothing; so a sum is taken over
 * each part of the window that some output sees.
 */
#include "pass/channels.h"

typedef struct mdg_wide_range {
    int64_t lo, hi;
} wide_range;

/* One axis of a window: from is the first tap inside the input, to the first behind it; both never rise from
 * one output to the next, so equal spans are neighbours. */
static mdg_tap_spans spans_of(const mdg_channels *ch, int32_t in, int32_t out, int32_t kernel, int32_t stride,
                              int32_t dilation, int32_t pad) {
    mdg_tap_spans s = {.span = mdg_arena_array(ch->arena, (size_t)out, sizeof *s.span)};
    for (int32_t o = 0; o < out; o++) {
        const int64_t start = (int64_t)o * stride - pad;
        int64_t from = start < 0 ? (-start + dilation - 1) / dilation : 0;
        int64_t to = in > start ? (in - start + dilation - 1) / dilation : 0;
        if (to > kernel) to = kernel;
        if (from > to) from = to;
        if (s.n && s.span[s.n - 1].from == from && s.span[s.n - 1].to == to) continue;
        s.span[s.n].from = (int32_t)from;
        s.span[s.n++].to = (int32_t)to;
    }
    return s;
}

static void read_conv2d(const mdg_channels *ch, int op, const mdg_conv2d_params *p, mdg_filter *f) {
    f->is_depthwise = ch->sub->ops[op].code == MDG_OP_DEPTHWISE_CONV_2D;
    f->out_c = p->out_c, f->rows = p->kernel_h, f->columns = p->kernel_w, f->depth = p->filter_c;
    f->group = f->is_depthwise ? p->depth_multiplier : p->out_c / (p->in_c / p->filter_c);
    f->tap_step = (size_t)(f->is_depthwise ? p->out_c : p->filter_c);
    f->out_step = f->is_depthwise ? 1 : f->tap_step * (size_t)f->rows * (size_t)f->columns;
    f->row_spans = spans_of(ch, p->in_h, p->out_h, p->kernel_h, p->stride_h, p->dilation_h, p->pad_h);
    f->column_spans = spans_of(ch, p->in_w, p->out_w, p->kernel_w, p->stride_w, p->dilation_w, p->pad_w);
    f->in_zero = p->in_zero, f->out_zero = p->out_zero;
    f->act_min = p->act_min, f->act_max = p->act_max;
    f->per_channel = true;
}

/* The input's elements follow each other channel by channel: in_c / channels taps. */
static bool read_fully_connected(const mdg_channels *ch, int op, const mdg_fully_connected_params *p,
                                 mdg_filter *f) {
    const int32_t channels = mdg_channels_in(ch, op, 0)->n;
    if (channels == 0 || p->in_c % channels != 0) return false;
    f->out_c = p->out_c, f->rows = 1, f->columns = p->in_c / channels, f->depth = channels;
    f->group = p->out_c;
    f->tap_step = (size_t)channels, f->out_step = (size_t)p->in_c;
    f->row_spans = spans_of(ch, 1, 1, 1, 1, 1, 0);
    f->column_spans = spans_of(ch, f->columns, 1, f->columns, 1, 1, 0);
    f->in_zero = p->in_zero, f->out_zero = p->out_zero, f->w_zero = p->filter_zero;
    f->act_min = p->act_min, f->act_max = p->act_max;
    f->mult = &p->mult, f->shift = &p->shift;
    f->per_channel = ch->call[op]->kernel == MDG_K_fully_connected_per_channel_s8;
    return true;
}

bool mdg_filter_read(const mdg_channels *ch, int op, mdg_filter *f) {
    const mdg_call *call = ch->call[op];
    *f = (mdg_filter){.w = mdg_channels_const(ch, op, 1), .bias = mdg_channels_const(ch, op, 2)};
    if (!f->w || (call->in[2] >= 0 && !f->bias)) return false;
    if (ch->sub->ops[op].code != MDG_OP_FULLY_CONNECTED)
        read_conv2d(ch, op, call->params, f);
    else if (!read_fully_connected(ch, op, call->params, f))
        return false;
    f->sums = mdg_arena_array(ch->arena, ((size_t)f->rows + 1) * ((size_t)f->columns + 1), sizeof *f->sums);
    if (!f->per_channel) return true;
    f->mult = mdg_channels_const(ch, op, 3);
    f->shift = mdg_channels_const(ch, op, 4);
    f->requant_step = 1;
    return f->mult && f->shift;
}

/* What one tap adds to a sum of output oc */
static wide_range tap_range(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc, int32_t tap) {
    wide_range sum = {0, 0};
    for (int32_t c = 0; c < f->depth; c++) {
        const mdg_range r = x->range[mdg_filter_channel(f, oc, c)];
        const int32_t w = mdg_filter_weight(f, oc, tap, c);
        sum.lo += w * ((w > 0 ? r.lo : r.hi) - f->in_zero);
        sum.hi += w * ((w > 0 ? r.hi : r.lo) - f->in_zero);
    }
    return sum;
}

/* Sums over the first rows and columns of the window, [rows + 1][columns + 1]; the first of each are 0. */
static const wide_range *tap_sums(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc) {
    const size_t width = (size_t)f->columns + 1;
    for (int32_t row = 0; row < f->rows; row++) {
        wide_range left = {0, 0};
        for (int32_t column = 0; column < f->columns; column++) {
            const wide_range tap = tap_range(f, x, oc, row * f->columns + column);
            wide_range *at = &f->sums[((size_t)row + 1) * width + (size_t)column + 1];
            const wide_range above = at[-(ptrdiff_t)width];
            left = (wide_range){left.lo + tap.lo, left.hi + tap.hi};
            *at = (wide_range){above.lo + left.lo, above.hi + left.hi};
        }
    }
    return f->sums;
}

mdg_range mdg_filter_range(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc) {
    const wide_range *sums = tap_sums(f, x, oc);
    const size_t width = (size_t)f->columns + 1;
    const int64_t bias = f->bias ? f->bias[oc] : 0;
    wide_range all = {INT64_MAX, INT64_MIN};
    for (int i = 0; i < f->row_spans.n; i++) {
        const wide_range *above = sums + (size_t)f->row_spans.span[i].from * width;
        const wide_range *below = sums + (size_t)f->row_spans.span[i].to * width;
        for (int j = 0; j < f->column_spans.n; j++) {
            const int32_t from = f->column_spans.span[j].from, to = f->column_spans.span[j].to;
            const int64_t lo = bias + below[to].lo - below[from].lo - above[to].lo + above[from].lo;
            const int64_t hi = bias + below[to].hi - below[from].hi - above[to].hi + above[from].hi;
            if (lo < all.lo) all.lo = lo;
            if (hi > all.hi) all.hi = hi;
        }
    }
    const int32_t k = oc * f->requant_step;
    const mdg_scaling s = {f->mult[k], f->shift[k], f->out_zero, f->act_min, f->act_max};
    return mdg_range_scaled(all.lo, all.hi, &s);
}

int64_t mdg_filter_folded(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc) {
    int64_t sum = 0;
    for (int32_t row = f->row_spans.span[0].from; row < f->row_spans.span[0].to; row++) {
        for (int32_t column = f->column_spans.span[0].from; column < f->column_spans.span[0].to; column++) {
            for (int32_t c = 0; c < f->depth; c++) {
                const int32_t channel = mdg_filter_channel(f, oc, c);
                if (!x->dropped[channel]) continue;
                sum += (int64_t)(x->range[channel].lo - f->in_zero) *
                       mdg_filter_weight(f, oc, row * f->columns + column, c);
            }
        }
    }
    return sum;
}
