/* SPDX-License-Identifier: MIT
 *
 * Peaks of a map, in the manner of FOMO, whose cells that touch are one object.
 */
#include "midge/find.h"

/* A cell, and what its neighbourhood has gathered */
typedef struct find_cell {
    int32_t y, x;
    int32_t weight, weight_y, weight_x; /* sums over the neighbourhood; of the latter, times -1, 0, 1 */
} find_cell;

/* How sure it is that something is in a cell, of 256; beyond the map nothing is. */
static inline int32_t find_share(const mdg_map *m, const int8_t *scores, int32_t y, int32_t x) {
    if (y < 0 || x < 0 || y >= m->h || x >= m->w) return 0;
    return 128 - scores[(y * m->w + x) * m->n_classes];
}

/* Whether no neighbour has more; of equal ones the first counts. Gathers on the way. */
static inline int find_is_peak(const mdg_map *m, const int8_t *scores, find_cell *c) {
    const int32_t here = find_share(m, scores, c->y, c->x);
    if (here < m->threshold) return 0;
    c->weight = c->weight_y = c->weight_x = 0;
    for (int32_t k = 0; k < 9; k++) {
        const int32_t dy = k / 3 - 1, dx = k % 3 - 1;
        const int32_t there = find_share(m, scores, c->y + dy, c->x + dx);
        if (k < 4 ? there >= here : there > here) return 0;
        c->weight += there;
        c->weight_y += there * dy;
        c->weight_x += there * dx;
    }
    return 1;
}

/* The class that has most in the neighbourhood */
static inline int16_t find_kind(const mdg_map *m, const int8_t *scores, const find_cell *c) {
    int32_t best = 1, most = -1;
    for (int32_t kind = 1; kind < m->n_classes; kind++) {
        int32_t sum = 0;
        for (int32_t y = c->y - 1; y <= c->y + 1; y++)
            for (int32_t x = c->x - 1; x <= c->x + 1; x++)
                if (y >= 0 && x >= 0 && y < m->h && x < m->w)
                    sum += scores[(y * m->w + x) * m->n_classes + kind] + 128;
        if (sum <= most) continue;
        most = sum;
        best = kind;
    }
    return (int16_t)best;
}

/* From a cell and what pulls it aside to pixels, of `extent` over n cells; places are 1/256 of a cell. */
static inline int16_t find_place(int32_t cell, int32_t pull, int32_t weight, int32_t extent, int32_t n) {
    const int32_t place = cell * 256 + 128 + pull * 256 / weight;
    return (int16_t)((place * extent + n * 128) / (n * 256));
}

MDG_KERNEL int mdg_find_next(const mdg_map *m, const int8_t *scores, int32_t *cell, mdg_found *out) {
    while (*cell < m->h * m->w) {
        find_cell c = {*cell / m->w, *cell % m->w, 0, 0, 0};
        *cell += 1;
        if (!find_is_peak(m, scores, &c)) continue;
        out->kind = find_kind(m, scores, &c);
        out->x = (int16_t)(m->left + find_place(c.x, c.weight_x, c.weight, m->width, m->w));
        out->y = (int16_t)(m->top + find_place(c.y, c.weight_y, c.weight, m->height, m->h));
        out->score = (int16_t)find_share(m, scores, c.y, c.x);
        return 1;
    }
    return 0;
}
