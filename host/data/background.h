/* SPDX-License-Identifier: MIT
 *
 * background.h: which background recordings belong to which split, so that noise heard in training is not
 * heard again in the test: whole recordings where there are ten or more, else parts of each.
 */
#ifndef MDG_BACKGROUND_H
#define MDG_BACKGROUND_H

#include "data/data.h"

typedef struct mdg_background {
    const int16_t *samples; /* the split's own */
    size_t n;               /* 0 where there is none */
} mdg_background;

/* How many backgrounds a split has, and the k-th of them: 60 % are for training, 20 % each for validation and
 * test. */
int mdg_background_count(const mdg_dataset *set, mdg_split split);
mdg_background mdg_background_at(const mdg_dataset *set, mdg_split split, int k);

#endif
