/* SPDX-License-Identifier: MIT
 *
 * objective.h: what the last layer is compared with, and the loss of that.
 */
#ifndef MDG_TRAIN_OBJECTIVE_H
#define MDG_TRAIN_OBJECTIVE_H

#include "train/loss.h"
#include "train/net.h"

/* Of one sample: what the net gives, and as many its target has. */
size_t mdg_net_outputs(const mdg_net *net);

/* Adds n samples to tally, of a map their cells. output and y: [n][mdg_net_outputs]; diff gets the gradient
 * of output, unless NULL.
 */
void mdg_objective_loss(const mdg_net *net, const mdg_loss *loss, const float *output, const float *y, int n,
                        float *diff, mdg_tally *tally);

/* From what the last layer gives to what the exported graph does, in place. */
void mdg_objective_scores(const mdg_net *net, float *output, int n);

#endif
