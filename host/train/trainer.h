/* SPDX-License-Identifier: MIT
 *
 * trainer.h: all that a training holds between its steps. train.c has the loop.
 */
#ifndef MDG_TRAIN_TRAINER_H
#define MDG_TRAIN_TRAINER_H

#include "train/checkpoint.h"
#include "train/crew.h"
#include "train/distill.h"
#include "train/exchange.h"
#include "train/feed.h"
#include "train/loss.h"
#include "train/shard.h"

typedef struct mdg_trainer {
    mdg_arena *arena; /* for the time of the training */
    const mdg_train_opts *opts;
    const mdg_train_source *source;
    const mdg_progress *progress;
    mdg_diag *diag;
    mdg_net *net;
    mdg_training training;
    mdg_schedule_kind schedule;
    mdg_loss loss;
    mdg_distillation distillation;
    mdg_division division;
    int steps;       /* per epoch */
    int epoch, step; /* now; the step within the epoch */
    int falls;       /* of the learning rate, at plateaus so far */
    double norm_sum; /* of the gradients of the epoch so far */
    uint32_t *order;
    mdg_feed *feed;
    mdg_crew *crew;
    mdg_exchange *exchange;
    float *gradients;       /* of the whole batch */
    mdg_shard **shards;     /* [division.mine] */
    mdg_shard **elders;     /* [division.mine], or NULL: the same samples in the net that teaches */
    mdg_findings *findings; /* [division.mine] */
    mdg_diag *shard_diags;  /* [division.mine] */
    bool stop;              /* the user wants it */
} mdg_trainer;

/* Checks settings, goes on from a checkpoint or begins, and makes all that steps need. t has net, opts,
 * source, progress, diag, and an arena. Close it in any case. */
mdg_status mdg_trainer_open(mdg_trainer *t, mdg_history *history);
void mdg_trainer_close(mdg_trainer *t);

/* What an epoch leaves behind, where it is asked for: a checkpoint, and the curves. */
mdg_status mdg_trainer_save(mdg_trainer *t);

#endif
