/* SPDX-License-Identifier: MIT */
#include "search/front.h"

#include <math.h>
#include <stdlib.h>

bool mdg_point_dominates(const mdg_point *a, const mdg_point *b) {
    return a->score >= b->score && a->cost <= b->cost && (a->score > b->score || a->cost < b->cost);
}

/* Of those without a rank */
static bool is_dominated(const mdg_point *points, int n, const int *rank, int i, int now) {
    for (int j = 0; j < n; j++)
        if ((rank[j] < 0 || rank[j] == now) && mdg_point_dominates(&points[j], &points[i])) return true;
    return false;
}

void mdg_front_rank(const mdg_point *points, int n, int *rank) {
    for (int i = 0; i < n; i++) rank[i] = -1;
    for (int now = 0, left = n; left > 0; now++)
        for (int i = 0; i < n; i++)
            if (rank[i] < 0 && !is_dominated(points, n, rank, i, now)) {
                rank[i] = now;
                left--;
            }
}

typedef struct member {
    int index, rank;
    mdg_point at; /* cost: its logarithm */
    double room;
} member;

static int by_rank_and_cost(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    if (x->at.cost != y->at.cost) return x->at.cost < y->at.cost ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static int by_rank_and_room(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->rank != y->rank) return x->rank < y->rank ? -1 : 1;
    if (x->room != y->room) return x->room > y->room ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

/* m[0..n) of one rank, by cost, and so by score as well: between its neighbours, as shares of the whole span
 */
static void measure_room(member *m, int n) {
    const double scores = fabs(m[n - 1].at.score - m[0].at.score), costs = m[n - 1].at.cost - m[0].at.cost;
    for (int i = 0; i < n; i++) {
        m[i].room = INFINITY;
        if (i == 0 || i == n - 1) continue;
        m[i].room = 0;
        if (scores > 0) m[i].room += fabs(m[i + 1].at.score - m[i - 1].at.score) / scores;
        if (costs > 0) m[i].room += (m[i + 1].at.cost - m[i - 1].at.cost) / costs;
    }
}

void mdg_front_order(const mdg_point *points, int n, mdg_arena *arena, int *order) {
    member *m = mdg_arena_array(arena, (size_t)n + 1, sizeof *m);
    mdg_front_rank(points, n, order);
    for (int i = 0; i < n; i++)
        m[i] = (member){.index = i, .rank = order[i], .at = {points[i].score, log(points[i].cost)}};
    qsort(m, (size_t)n, sizeof *m, by_rank_and_cost);
    for (int from = 0, to; from < n; from = to) {
        for (to = from; to < n && m[to].rank == m[from].rank;) to++;
        measure_room(m + from, to - from);
    }
    qsort(m, (size_t)n, sizeof *m, by_rank_and_room);
    for (int i = 0; i < n; i++) order[i] = m[i].index;
}
