/* SPDX-License-Identifier: MIT
 *
 * channels.h: how mdg_remove_channels knows a graph. A channel is an index of a tensor's last dimension.
 *
 *     mdg_channels_open       in the order of execution: what values each channel can take (ranges.c)
 *     mdg_channels_select     which channels can go (select.c)
 *     mdg_channels_rewrite    the graph without them (rewrite.c)
 *
 * All numbers of an operator (factors, paddings, clamps) are those of the kernel call that it is lowered to,
 * and all arithmetic is that of core/fixed.h, so that the ranges are those of the device.
 */
#ifndef MDG_PASS_CHANNELS_H
#define MDG_PASS_CHANNELS_H

#include "lower/program.h"
#include "pass/pass.h"

typedef struct mdg_range {
    int32_t lo, hi;
} mdg_range;

/* The channels of a tensor; n = 0: not an int8 tensor, or an empty one */
typedef struct mdg_tensor_channels {
    int n;
    bool is_state;    /* its values are kept between inferences: any */
    bool is_fixed;    /* all its channels stay: an input, output, constant or state */
    mdg_range *range; /* [n] */
    bool *dropped;    /* [n] nothing depends on its values any more */
    bool *gone;       /* [n] of the dropped: the new graph lacks it; others are left blank, with no weights */
} mdg_tensor_channels;

/* The taps that are inside the input, [from, to): each distinct span that an output row or column sees */
typedef struct mdg_tap_spans {
    int n;
    struct {
        int32_t from, to;
    } * span;
} mdg_tap_spans;

/* Output oc sees, at each of rows x columns taps, `depth` channels from oc / group * depth on, by the weights
 * w[oc * out_step + tap * tap_step + channel]. */
typedef struct mdg_filter {
    const int8_t *w;
    int32_t out_c, rows, columns, depth, group;
    size_t out_step, tap_step;
    mdg_tap_spans row_spans, column_spans;
    const int32_t *bias; /* [out_c] or NULL */
    int32_t in_zero, w_zero;
    const int32_t *mult, *shift; /* [out_c] when requant_step is 1, one when 0 */
    int requant_step;
    int32_t out_zero, act_min, act_max;
    bool is_depthwise, per_channel;
    struct mdg_wide_range *sums; /* [(rows + 1) * (columns + 1)] scratch */
} mdg_filter;

/* What passes through an operator channel by channel, and what mixes them */
typedef enum mdg_channel_kind {
    MDG_CHANNEL_OPAQUE, /* not known: any value, and nothing can go */
    MDG_CHANNEL_FILTER, /* CONV_2D, DEPTHWISE_CONV_2D, FULLY_CONNECTED */
    MDG_CHANNEL_UNARY,  /* output channel c sees input channel c modulo the input's channels alone */
    MDG_CHANNEL_BINARY, /* the same of two inputs */
    MDG_CHANNEL_CONCATENATION
} mdg_channel_kind;

typedef struct mdg_channels {
    mdg_arena *arena;
    const mdg_graph *graph;
    const mdg_subgraph *sub; /* subgraph 0 */
    mdg_program program;
    const mdg_call **call;     /* [n_ops] the operator's only call, or NULL */
    mdg_tensor_channels *of;   /* [n_tensors] */
    mdg_channel_kind *kind;    /* [n_ops] */
    const mdg_filter **filter; /* [n_ops] of kind FILTER, else NULL */
    bool *pinned;              /* [n_ops] a bias would overflow: all input channels stay */
    bool shaping;              /* what is being settled: `gone`, else `dropped` */
    bool changed;              /* a channel that was to go stays */
} mdg_channels;

/* Needs call and of. */
mdg_channel_kind mdg_channel_kind_of(const mdg_channels *ch, int op);

static inline mdg_tensor_channels *mdg_channels_in(const mdg_channels *ch, int op, int k) {
    return &ch->of[ch->sub->ops[op].inputs[k]];
}
static inline mdg_tensor_channels *mdg_channels_out(const mdg_channels *ch, int op) {
    return &ch->of[ch->sub->ops[op].outputs[0]];
}
static inline bool mdg_range_is_constant(mdg_range r) {
    return r.lo == r.hi;
}

/* The int8 values of an input of the operator's call if it is constant, else NULL */
const void *mdg_channels_const(const mdg_channels *ch, int op, int k);

/* Along which dimension a concatenation is, from 0 */
int mdg_channels_axis(const mdg_channels *ch, int op);

/* A sum's range, as it comes out of requantisation and clamp */
typedef struct mdg_scaling {
    int32_t mult, shift, zero, min, max;
} mdg_scaling;
mdg_range mdg_range_scaled(int64_t lo, int64_t hi, const mdg_scaling *s);
mdg_range mdg_range_joined(mdg_range a, mdg_range b);

/* -- Filters (filter.c) -- */

/* False where the weights are not known, or input and filter do not fit channel by channel. */
bool mdg_filter_read(const mdg_channels *ch, int op, mdg_filter *f);

static inline int32_t mdg_filter_weight(const mdg_filter *f, int32_t oc, int32_t tap, int32_t c) {
    return f->w[(size_t)oc * f->out_step + (size_t)tap * f->tap_step + (size_t)c] - f->w_zero;
}
/* The input channel that output oc sees as its channel c */
static inline int32_t mdg_filter_channel(const mdg_filter *f, int32_t oc, int32_t c) {
    return oc / f->group * f->depth + c;
}
/* Every output sees the same taps: a constant adds the same everywhere. */
static inline bool mdg_filter_is_uniform(const mdg_filter *f) {
    return f->row_spans.n == 1 && f->column_spans.n == 1;
}

mdg_range mdg_filter_range(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc);
/* What the dropped channels of x add to every sum of output oc */
int64_t mdg_filter_folded(const mdg_filter *f, const mdg_tensor_channels *x, int32_t oc);

/* -- The stages -- */

/* Lowers the graph and measures all ranges. Returns what mdg_lower returns. */
mdg_status mdg_channels_open(const mdg_graph *g, mdg_arena *arena, mdg_channels *ch, mdg_diag *diag);
void mdg_channels_measure_tensors(mdg_channels *ch); /* those that no operator writes */
void mdg_channels_measure(mdg_channels *ch);         /* the others */
void mdg_channels_select(mdg_channels *ch, int granule);
mdg_graph *mdg_channels_rewrite(const mdg_channels *ch);
void mdg_channels_report(const mdg_channels *ch, const mdg_graph *after, mdg_channel_report *out);

#endif
