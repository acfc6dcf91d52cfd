/* SPDX-License-Identifier: MIT
 *
 * groups.h: the names of speakers, machines, ... in a data set.
 */
#ifndef MDG_GROUPS_H
#define MDG_GROUPS_H

#include "data/data.h"

typedef struct mdg_groups {
    const char **names; /* sorted, each once, without "" */
    int n;
} mdg_groups;

/* The groups of one split, or of all clips with MDG_SPLIT_COUNT. */
mdg_groups mdg_groups_of(const mdg_dataset *set, mdg_split split);

/* Index of a name, -1 when it is not there. */
int mdg_groups_find(const mdg_groups *groups, const char *name);

#endif
