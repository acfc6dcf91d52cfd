/* SPDX-License-Identifier: MIT
 *
 * transfer.h: a training that begins with what another one learned.
 *
 *     mdg_net_new(&spec, seed, arena, &net, diag);
 *     mdg_transfer t;
 *     mdg_net_start_from(net, graph, false, &t, diag);       // a model file's weights
 *     mdg_train(...);                                          // opts.freeze: the first layers stay as they
 * are
 */
#ifndef MDG_TRAIN_TRANSFER_H
#define MDG_TRAIN_TRANSFER_H

#include "train/shard.h"

/* Folded batch norm is gone from a model; this finds again what it had subtracted and divided by. On a few
 * hundred training samples it measures what comes into the batch norm of each loaded layer, and makes that
 * its statistics, scales and shifts so that the net computes what it did. mdg_train does it, in the same way
 * in every process.
 */
mdg_status mdg_transfer_settle(mdg_net *net, mdg_shard *shard, const mdg_train_source *source);

#endif
