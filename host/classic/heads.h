/* SPDX-License-Identifier: MIT
 *
 * heads.h: from sums, logits and distances to int8 scores in 1/256; nobody outside this room includes it.
 */
#ifndef MDG_CLASSIC_HEADS_H
#define MDG_CLASSIC_HEADS_H

#include "classic/builder.h"

/* Shares of a whole, from 0 to 1, in numbers with a scale */
void mdg_build_shares(mdg_builder *b, int n_classes);

/* int8 logits to probabilities */
void mdg_build_softmax(mdg_builder *b, int n_classes);

/* The least and largest logit of the training examples */
typedef struct mdg_range_seen {
    double lo, hi;
} mdg_range_seen;
void mdg_see(mdg_range_seen *r, const double *values, int n);

/* An operator whose output is int8 logits that hold this range */
mdg_builder_op mdg_logits_op(mdg_opcode code, int n_classes, const mdg_range_seen *r);

#endif
