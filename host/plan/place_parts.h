/* SPDX-License-Identifier: MIT
 *
 * place_parts.h: what the files of the search share.
 */
#ifndef MDG_PLACE_PARTS_H
#define MDG_PLACE_PARTS_H

#include "plan/place.h"

/* What the place of another block means for this one: distance = own offset - the other's */
typedef struct mdg_relation {
    int other;
    int64_t low, high;    /* apart: distance <= low or >= high */
    const mdg_link *link; /* or as this says; NULL: apart only */
    bool is_in;           /* this one is the link's `in` */
} mdg_relation;

typedef struct mdg_search {
    const mdg_placing *pl;
    int n;
    mdg_relation **relations; /* [n][n_relations[i]] */
    int *n_relations;
    bool *is_placed; /* [n] */
    int64_t *offset; /* [n] */
    int *best_order; /* [n] */
    int64_t *best;   /* [n] offsets of the best plan */
    int64_t best_bytes, bound;
} mdg_search;

mdg_search mdg_search_new(const mdg_placing *pl, int64_t bound);

/* The lowest offset from `from` on that the placed blocks leave block i */
int64_t mdg_search_lowest(const mdg_search *s, int i, int64_t from);

/* Keeps the offsets as the best plan. */
void mdg_search_keep(mdg_search *s, int64_t bytes);

/* All orders of ascending offsets; false where there were too many to try all */
bool mdg_search_all(mdg_search *s);

#endif
