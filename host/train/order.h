/* SPDX-License-Identifier: MIT
 *
 * order.h: which training samples an epoch sees, and in which order.
 */
#ifndef MDG_TRAIN_ORDER_H
#define MDG_TRAIN_ORDER_H

#include "train/train.h"

/* Every sample once, shuffled: order[n]. */
void mdg_order_shuffled(mdg_rng *r, uint32_t *order, uint32_t n);

/* n draws in which every class that has samples comes equally often (give or take one), and the samples of a
 * class, too: rare ones repeat, and of frequent ones an epoch sees a part. labels[n] in [0, n_classes). */
void mdg_order_balanced(mdg_rng *r, const int *labels, int n_classes, uint32_t *order, uint32_t n,
                        mdg_arena *scratch);

#endif
