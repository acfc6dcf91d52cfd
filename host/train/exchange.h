/* SPDX-License-Identifier: MIT
 *
 * exchange.h: what the shards of a batch found out comes together, wherever they were computed: all processes
 * of a training learn the same, in the same order, and so go on with the same weights.
 *
 *     mdg_exchange *x = mdg_exchange_new(arena, net, &division, parallel);
 *     mdg_exchange_run(x, findings, true, state, diag);   // findings: of the shards computed here
 *     ... x->all[shard] of all shards, until the next run
 */
#ifndef MDG_TRAIN_EXCHANGE_H
#define MDG_TRAIN_EXCHANGE_H

#include "parallel/parallel.h"
#include "train/feed.h"
#include "train/loss.h"

typedef struct mdg_findings {
    mdg_tally tally; /* of the pass so far */
    const float *gradients, *statistics;
} mdg_findings;

typedef struct mdg_exchange {
    mdg_division division;
    const mdg_parallel *parallel; /* NULL: this process is alone */
    size_t n_params, n_statistics, shard_bytes;
    uint8_t *mine, *gathered; /* where there are several processes: head, then the shards */
    mdg_findings *all;        /* [division.total] */
} mdg_exchange;

mdg_exchange *mdg_exchange_new(mdg_arena *arena, const mdg_net *net, const mdg_division *division,
                               const mdg_parallel *parallel);

/* state: how this process fares; MDG_OK, MDG_INTERRUPTED or a failure. whole: with gradients and statistics,
 * else tallies alone. Returns MDG_OK when all fare well; this process's state (leaving diag as it is); else
 * MDG_INTERRUPTED, or MDG_INVALID naming the process that failed; MDG_IO. */
mdg_status mdg_exchange_run(mdg_exchange *x, const mdg_findings *findings, bool whole, mdg_status state,
                            mdg_diag *diag);

/* The sum of n tallies, in their order. */
mdg_tally mdg_findings_tally(const mdg_findings *findings, int n);

/* After a whole run: the gradient of the batch, as the sum of all shards' (a loss gradient is that of the
 * whole batch), and the net's running statistics moved towards the mean of theirs. Always in the order of the
 * shards. Frozen layers keep their batch norm's. */
void mdg_exchange_join(const mdg_exchange *x, mdg_net *net, float *gradients);

/* Of this the statistics alone: `keep` is the share of the running ones that stays. */
void mdg_exchange_statistics(const mdg_exchange *x, mdg_net *net, float keep);

/* As mdg_exchange_run, for a state alone. */
mdg_status mdg_exchange_agree(const mdg_parallel *parallel, mdg_status state, mdg_diag *diag);

#endif
