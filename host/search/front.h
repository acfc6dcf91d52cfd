/* SPDX-License-Identifier: MIT
 *
 * front.h: which of several trials are worth having, where one is right more often and another costs less:
 * the Pareto front, and an order of all that leaves none of the costs without candidates.
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

enum { MDG_FRONT_NICHES = 5 };

/* order: the indices from the best to the worst. The range of costs is cut into niches of equal ratio; first
 * come the most accurate of each niche, the cheapest niche first, then the second of each, and so on. So the
 * first k of them are spread over all costs, though short trainings judge some costs harder than others. */
void mdg_front_order(const mdg_point *points, int n, mdg_arena *arena, int *order);

#endif
