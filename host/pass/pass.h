/* SPDX-License-Identifier: MIT
 *
 * pass.h: from graph to graph. A pass changes what a model costs and never what it computes: the outputs stay
 * the same to the bit, for every input.
 *
 *     mdg_graph *smaller;
 *     mdg_channel_report report;
 *     MDG_TRY(mdg_remove_channels(graph, 4, arena, &smaller, &report, diag));
 *     mdg_channel_report_print(&report, stdout);
 *
 * Memory: the new graph lives in the arena and shares with the old one what did not change.
 */
#ifndef MDG_PASS_H
#define MDG_PASS_H

#include "graph/graph.h"

/* What became of an operator; channels are those of its first output. */
typedef struct mdg_channel_row {
    const char *name;
    int constant; /* channels that hold one value, whatever the input */
    int channels_before, channels_after;
    int64_t macs_before, macs_after;
    size_t weights_before, weights_after; /* bytes of all constant operands */
} mdg_channel_row;

typedef struct mdg_channel_report {
    int n_ops;
    mdg_channel_row *ops; /* by index of the operator in subgraph 0 */
    mdg_channel_row total;
} mdg_channel_report;

/* Removes the channels of int8 tensors that are constant, whose effect goes into the biases behind them, and
 * those that nothing reads, with the filters that make them and the weights that read them. What cannot be
 * removed exactly stays: operators that this pass does not know, and what they touch, are left alone. All
 * operators keep their index; inputs and outputs of the model keep their shape. report may be NULL.
 * granule: how many channels kernels take at once; what is left of a tensor's is filled up to a multiple of
 * it with blank channels, which have no weights. With 1 the model gets as small as it can. Returns MDG_OK, or
 * what mdg_lower returns for a graph that cannot be lowered. */
mdg_status mdg_remove_channels(const mdg_graph *g, int granule, mdg_arena *arena, mdg_graph **out,
                               mdg_channel_report *report, mdg_diag *diag);

/* Writes a table, one line for each operator with channels removed or constant, and the totals. */
void mdg_channel_report_print(const mdg_channel_report *r, FILE *out);

#endif
