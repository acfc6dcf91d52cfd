/* SPDX-License-Identifier: MIT
 *
 * feed.h: prepares batches ahead of training, in threads of its own: while a shard computes one batch, its
 * next is being filled. What a sample becomes depends on seed, epoch and place in the epoch only.
 *
 *     mdg_feed_start(feed, &pass, diag);
 *     for each batch and shard: mdg_feed_take(feed, shard) ... mdg_feed_release(feed, shard);
 *     mdg_feed_stop(feed);                 // at any time; waits for the threads
 *
 * Threads: take and release of one shard belong to one thread at a time.
 */
#ifndef MDG_TRAIN_FEED_H
#define MDG_TRAIN_FEED_H

#include "train/net.h"

enum {
    MDG_SHARDS = 2, /* that a batch is cut into, unless asked for otherwise */
    MDG_MAX_SHARDS = 64
};

/* How a batch is cut, and which of its shards are computed here, where others belong to other processes:
 * `mine` of them, with the numbers first, first + step, ... The functions below count these from 0. */
typedef struct mdg_division {
    int total, first, step, mine;
    int batch; /* samples in a shard */
} mdg_division;

typedef enum mdg_stream { MDG_STREAM_ORDER = 1, MDG_STREAM_AUGMENT, MDG_STREAM_DROPOUT } mdg_stream;

/* The generator for one purpose, epoch and place; independent of all others. */
mdg_rng mdg_stream_of(uint64_t seed, mdg_stream purpose, int epoch, uint32_t place);

/* Once through the training or the validation samples. */
typedef struct mdg_pass {
    bool validation;
    int epoch, n_samples, n_batches;
    const uint32_t *order; /* [n_samples]; NULL: as they come. Training begins anew to fill the last batch. */
} mdg_pass;

typedef struct mdg_batch {
    const float *x, *y;
    const float *q; /* what the teacher says; NULL where there is none, and in validation */
    int count;      /* of samples; validation: the last batch may have fewer, even none */
} mdg_batch;

typedef struct mdg_feed mdg_feed;

/* threads: 1 or more of them fill. Lives in arena. */
mdg_feed *mdg_feed_new(mdg_arena *arena, const mdg_net *net, const mdg_train_source *source, uint64_t seed,
                       const mdg_division *division, int threads);
mdg_status mdg_feed_start(mdg_feed *feed, const mdg_pass *pass, mdg_diag *diag);
mdg_batch mdg_feed_take(mdg_feed *feed, int shard);
void mdg_feed_release(mdg_feed *feed, int shard);
void mdg_feed_stop(mdg_feed *feed);

#endif
