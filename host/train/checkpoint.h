/* SPDX-License-Identifier: MIT
 *
 * checkpoint.h: all that training needs to go on as if it had never stopped. The random numbers of an epoch
 * follow from the seed and its number, so the number of epochs done is their position.
 *
 * The file, in the machine's byte order, without gaps:
 *     u64     magic "midgeckp" (a machine of the other byte order reads another number)
 *     u32     version, 2
 *     u32     CRC-32 of the network's description
 *     u32     CRC-32 of the settings and the amounts of data
 *     u32     n, epochs done
 *     u32     best epoch
 *     f32     its validation loss
 *     u64     optimiser steps
 *     f32[P]  parameters            f32[S]  running statistics
 *     f32[P]  first moments         f32[P]  second moments
 *     f32[P]  best parameters       f32[S]  best running statistics
 *     f32[P]  average parameters    f32[S]  average running statistics, where there is an average
 *     f32[7]  n times: MDG_EPOCH_FIGURES and seconds
 *     u32     CRC-32 of all before
 */
#ifndef MDG_TRAIN_CHECKPOINT_H
#define MDG_TRAIN_CHECKPOINT_H

#include "train/average.h"
#include "train/optimizer.h"

typedef struct mdg_training {
    mdg_net *net;
    mdg_optimizer optimizer;
    mdg_average average;
    mdg_history *history; /* epochs: room for opts->epochs */
    float best_loss;
    float *best_params, *best_statistics;
    uint32_t net_fingerprint, settings_fingerprint;
} mdg_training;

/* What a checkpoint must have been made with to be resumed. */
void mdg_checkpoint_fingerprint(mdg_training *t, const mdg_train_opts *opts, const mdg_train_source *source);

/* Atomic: the file is replaced when the new one is complete. Returns MDG_OK or MDG_IO. */
mdg_status mdg_checkpoint_write(mdg_training *t, const char *path, mdg_arena *arena, mdg_diag *diag);

/* Returns MDG_OK; MDG_INVALID when it is damaged or belongs to another network, other settings or other data;
 * MDG_NOT_FOUND, MDG_IO. */
mdg_status mdg_checkpoint_read(mdg_training *t, const char *path, int max_epochs, mdg_arena *arena,
                               mdg_diag *diag);

#endif
