/* SPDX-License-Identifier: MIT
 *
 * Gaussian mixtures with diagonal covariances, one for each class, by expectation-maximisation (A. Dempster,
 * N. Laird, D. Rubin, 1977).
 */
#include <math.h>

#include "classic/gaussians.h"

enum { ROUNDS = 50 };

/* How much of each of the class's examples belongs to each of its components, first to last - 1:
 * [component][n] */
static void expect(const mdg_examples *e, const mdg_gaussians *g, int first, int last, double *belongs) {
    const size_t n = (size_t)e->n;
    for (size_t i = 0; i < n; i++) {
        const bool is_member = e->y[i] == g->class_of[first];
        double least = INFINITY, sum = 0, *b = belongs + i;
        for (int m = first; m < last && is_member; m++, b += n)
            least = fmin(least, *b = mdg_gaussian_distance(g, m, mdg_example(e, (int)i)));
        b = belongs + i;
        for (int m = first; m < last; m++, b += n) sum += *b = is_member ? exp(least - *b) : 0;
        b = belongs + i;
        for (int m = first; m < last && is_member; m++, b += n) *b /= sum;
    }
}

void mdg_gmm_train(const mdg_examples *e, int n_components, uint64_t seed, mdg_arena *arena,
                   mdg_gaussians *out) {
    mdg_kmeans_train(e, n_components, seed, arena, out);
    double *belongs = mdg_arena_array(arena, (size_t)n_components * (size_t)e->n, sizeof *belongs);
    for (int first = 0, last; first < out->n_components; first = last) {
        for (last = first; last < out->n_components && out->class_of[last] == out->class_of[first];) last++;
        for (int round = 0; round < ROUNDS; round++) {
            expect(e, out, first, last, belongs);
            for (int m = first; m < last; m++)
                mdg_gaussian_fit(e, belongs + (size_t)(m - first) * (size_t)e->n, out, m);
        }
    }
}
