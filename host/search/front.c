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
    int index, niche, place; /* place: among its niche, the best first */
    mdg_point at;
} member;

static int by_niche_and_score(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->niche != y->niche) return x->niche < y->niche ? -1 : 1;
    if (x->at.score != y->at.score) return x->at.score > y->at.score ? -1 : 1;
    if (x->at.cost != y->at.cost) return x->at.cost < y->at.cost ? -1 : 1;
    return x->index < y->index ? -1 : 1;
}

static int by_place_and_niche(const void *a, const void *b) {
    const member *x = a, *y = b;
    if (x->place != y->place) return x->place < y->place ? -1 : 1;
    return x->niche < y->niche ? -1 : 1;
}

void mdg_front_order(const mdg_point *points, int n, mdg_arena *arena, int *order) {
    member *m = mdg_arena_array(arena, (size_t)n + 1, sizeof *m);
    double least = INFINITY, most = 0;
    for (int i = 0; i < n; i++) {
        least = fmin(least, points[i].cost);
        most = fmax(most, points[i].cost);
    }
    for (int i = 0; i < n; i++) {
        const double share = most > least ? log(points[i].cost / least) / log(most / least) : 0;
        const int niche = (int)(share * MDG_FRONT_NICHES);
        m[i] = (member){
            .index = i, .niche = niche < MDG_FRONT_NICHES ? niche : MDG_FRONT_NICHES - 1, .at = points[i]};
    }
    qsort(m, (size_t)n, sizeof *m, by_niche_and_score);
    for (int i = 1; i < n; i++) m[i].place = m[i].niche == m[i - 1].niche ? m[i - 1].place + 1 : 0;
    qsort(m, (size_t)n, sizeof *m, by_place_and_niche);
    for (int i = 0; i < n; i++) order[i] = m[i].index;
}
