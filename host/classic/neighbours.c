/* SPDX-License-Identifier: MIT
 *
 * Fewer examples for nearest neighbours.
 */
#include "classic/learners.h"

static int64_t distance(const mdg_examples *e, int i, int j) {
    const int8_t *a = mdg_example(e, i), *b = mdg_example(e, j);
    int64_t sum = 0;
    for (int k = 0; k < e->n_features; k++) sum += (a[k] - b[k]) * (a[k] - b[k]);
    return sum;
}

static int class_of_nearest(const mdg_examples *e, int i, const int *chosen, int n) {
    int64_t least = INT64_MAX;
    int class = -1;
    for (int m = 0; m < n; m++) {
        const int64_t d = distance(e, i, chosen[m]);
        if (d < least) class = e->y[chosen[m]];
        if (d < least) least = d;
    }
    return class;
}

int mdg_condense(const mdg_examples *e, int most, bool fill_up, mdg_rng *r, mdg_arena *arena, int *out) {
    uint32_t *order = mdg_arena_array(arena, (size_t)e->n, sizeof *order);
    bool *is_chosen = mdg_arena_array(arena, (size_t)e->n, sizeof *is_chosen);
    int n = 0;
    for (int i = 0; i < e->n; i++) order[i] = (uint32_t)i;
    mdg_rng_shuffle(r, order, (size_t)e->n);
    for (bool added = true; added && n < most;) {
        added = false;
        for (int i = 0; i < e->n && n < most; i++) {
            const int at = (int)order[i];
            if (is_chosen[at] || class_of_nearest(e, at, out, n) == e->y[at]) continue;
            out[n++] = at;
            is_chosen[at] = added = true;
        }
    }
    for (int i = 0; fill_up && i < e->n && n < most; i++)
        if (!is_chosen[order[i]]) out[n++] = (int)order[i];
    return n;
}
