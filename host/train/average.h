/* SPDX-License-Identifier: MIT
 *
 * average.h: a moving average of a net's numbers over the steps of training. It swings less than the weights
 * themselves, so it is what validation looks at and what training ends with.
 *
 *     mdg_average a;
 *     mdg_average_init(&a, 0.999f, net, arena);
 *     after each step:     mdg_average_add(&a, net, step);
 *     around validation:   mdg_average_swap(&a, net); ... mdg_average_swap(&a, net);
 */
#ifndef MDG_TRAIN_AVERAGE_H
#define MDG_TRAIN_AVERAGE_H

#include "train/net.h"

typedef struct mdg_average {
    float keep;                 /* share that a step keeps; 0 = there is no average */
    float *params, *statistics; /* as the net's; NULL where there is no average */
} mdg_average;

/* Begins with the net's numbers; `begin` does so again. */
void mdg_average_init(mdg_average *a, float keep, const mdg_net *net, mdg_arena *arena);
void mdg_average_begin(mdg_average *a, const mdg_net *net);

/* step: of the training, from 1. The average keeps at most step / (step + 9), so that the first weights are
 * soon forgotten. */
void mdg_average_add(mdg_average *a, const mdg_net *net, uint64_t step);

/* Puts the average into the net and the net's numbers here, or back. */
void mdg_average_swap(mdg_average *a, mdg_net *net);

#endif
