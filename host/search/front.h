/* SPDX-License-Identifier: MIT
 *
 * front.h: which of several trials are worth having, where one is right more often and another costs less:
 * the Pareto front, and an order of all by how near they are to it.
 */
#ifndef MDG_SEARCH_FRONT_H
#define MDG_SEARCH_FRONT_H

#include <stdbool.h>

#include "util/arena.h"

typedef struct mdg_point {
    double score; /* more is better */
    double cost;  /* less is better; above 0 */
} mdg_point;

/* At least as good in both, and better in one. */
bool mdg_point_dominates(const mdg_point *a, const mdg_point *b);

/* rank[i]: 0 = on the front: nothing dominates it; 1 = on the front of what is left without those; ... */
void mdg_front_rank(const mdg_point *points, int n, int *rank);

/* order: the indices from the best to the worst: by rank; within a rank those with most room around them (in
 * score and in the logarithm of the cost), the ends first; then by index. So the first k of them are a good
 * and even choice (after NSGA-II, Deb et al. 2002). */
void mdg_front_order(const mdg_point *points, int n, mdg_arena *arena, int *order);

#endif
