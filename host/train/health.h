/* SPDX-License-Identifier: MIT
 *
 * health.h: whether a step's numbers are numbers, and if not, where that began.
 */
#ifndef MDG_TRAIN_HEALTH_H
#define MDG_TRAIN_HEALTH_H

#include "train/shard.h"

/* Where training is, for the message. */
typedef struct mdg_moment {
    int epoch, step; /* from 0 */
    float learning_rate;
} mdg_moment;

bool mdg_all_finite(const float *x, size_t n);

/* For when something was not finite: names epoch, step and the first layer concerned among the shards, and
 * what to try. Returns MDG_INVALID. */
mdg_status mdg_health_blame(mdg_shard *const *shards, int n_shards, const mdg_moment *place, mdg_diag *diag);

#endif
