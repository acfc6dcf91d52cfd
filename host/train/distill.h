/* SPDX-License-Identifier: MIT
 *
 * distill.h: learning from a teacher (Hinton et al., "Distilling the knowledge in a neural network", 2015):
 * beside the truth, the probabilities that another model gives count, both softened: loss = (1 - share) *
 * cross-entropy(y, p) + share * T^2 * cross-entropy(q_T, p_T),   p_T = softmax(logits / T)
 */
#ifndef MDG_TRAIN_DISTILL_H
#define MDG_TRAIN_DISTILL_H

#include "train/shard.h"

typedef struct mdg_distillation {
    int n_classes;
    float share, temperature;
    float gradient_scale; /* 1 / samples of the whole batch */
} mdg_distillation;

/* logits and q, the teacher's probabilities: [n][n_classes]. diff has the gradient of the truth's loss and
 * becomes that of both. Returns the sum over samples of T^2 * cross-entropy(q_T, p_T). */
double mdg_distill(const mdg_distillation *d, const float *logits, const float *q, int n, float *diff);

/* What a net as teacher says of the samples x of a shard of another one, which has the same size and input:
 * [batch][n_classes], until the next question. */
const float *mdg_elder_answer(mdg_shard *elder, const float *x);

#endif
