/* SPDX-License-Identifier: MIT
 *
 * K-means: Lloyd's algorithm from centres that k-means++ chose (D. Arthur, S. Vassilvitskii, 2007), for each
 * class on its own.
 */
#include <math.h>

#include "classic/gaussians.h"

enum { ROUNDS = 100 };

static int examples_of(const mdg_examples *e, int class, int *out) {
    int n = 0;
    for (int i = 0; i < e->n; i++)
        if (e->y[i] == class) out[n++] = i;
    return n;
}

static void put_centre(const mdg_examples *e, int example, double *centre) {
    for (int k = 0; k < e->n_features; k++) centre[k] = mdg_example(e, example)[k];
}

/* Centres far from each other: each next one is an example, likelier the farther it is from those before. */
static void choose(const mdg_examples *e, const int *of, int n, double *centres, int m, mdg_rng *r,
                   double *distance) {
    const size_t width = (size_t)e->n_features;
    put_centre(e, of[mdg_rng_below(r, (uint32_t)n)], centres);
    for (int i = 0; i < n; i++) distance[i] = INFINITY;
    for (int c = 1; c < m; c++) {
        double sum = 0;
        for (int i = 0; i < n; i++) {
            const double d =
                mdg_squared_distance(mdg_example(e, of[i]), centres + (size_t)(c - 1) * width, e->n_features);
            distance[i] = fmin(distance[i], d);
            sum += distance[i];
        }
        double left = (double)mdg_rng_uniform(r, 0, 1) * sum;
        int chosen = 0;
        while (chosen < n - 1 && (left -= distance[chosen]) > 0) chosen++;
        put_centre(e, of[chosen], centres + (size_t)c * width);
    }
}

static int nearest(const int8_t *x, const double *centres, int m, int width) {
    int best = 0;
    double least = INFINITY;
    for (int c = 0; c < m; c++) {
        const double d = mdg_squared_distance(x, centres + (size_t)c * (size_t)width, width);
        if (d < least) best = c;
        least = fmin(least, d);
    }
    return best;
}

/* A centre that nobody is nearest to stays where it is. */
static void move_centres(const mdg_examples *e, const int *of, const int *to, int n, double *centres, int m) {
    const int width = e->n_features;
    for (int c = 0; c < m; c++) {
        double *centre = centres + (size_t)c * (size_t)width;
        int members = 0;
        for (int i = 0; i < n; i++) members += to[i] == c;
        for (int k = 0; k < width && members; k++) {
            double sum = 0;
            for (int i = 0; i < n; i++)
                if (to[i] == c) sum += mdg_example(e, of[i])[k];
            centre[k] = sum / members;
        }
    }
}

static void cluster(const mdg_examples *e, const int *of, int n, double *centres, int m, int *to) {
    bool moved = true;
    for (int i = 0; i < n; i++) to[i] = -1;
    for (int round = 0; round < ROUNDS && moved; round++) {
        moved = false;
        for (int i = 0; i < n; i++) {
            const int c = nearest(mdg_example(e, of[i]), centres, m, e->n_features);
            moved = moved || c != to[i];
            to[i] = c;
        }
        move_centres(e, of, to, n, centres, m);
    }
}

void mdg_kmeans_train(const mdg_examples *e, int n_components, uint64_t seed, mdg_arena *arena,
                      mdg_gaussians *out) {
    int *of = mdg_arena_array(arena, 2 * (size_t)e->n, sizeof *of), *to = of + e->n;
    double *distance = mdg_arena_array(arena, (size_t)e->n, sizeof *distance);
    const size_t width = (size_t)e->n_features;
    mdg_gaussians_new(e, n_components * e->n_classes, arena, out);
    out->n_components = 0;
    for (int c = 0; c < e->n_classes; c++) {
        const int n = examples_of(e, c, of), m = n < n_components ? n : n_components;
        double *centres = out->mean + (size_t)out->n_components * width;
        mdg_rng r = mdg_rng_of(seed, (uint64_t)c);
        choose(e, of, n, centres, m, &r, distance);
        cluster(e, of, n, centres, m, to);
        for (int k = 0; k < m; k++) out->class_of[out->n_components + k] = c;
        out->n_components += m;
    }
    double spread = 0; /* around the nearest centre: what a distance is measured by */
    for (int i = 0; i < e->n; i++) {
        const int8_t *x = mdg_example(e, i);
        spread += mdg_squared_distance(
            x, out->mean + (size_t)nearest(x, out->mean, out->n_components, e->n_features) * width,
            e->n_features);
    }
    const double variance = fmax(spread / ((double)e->n * (double)width), MDG_LEAST_VARIANCE);
    for (size_t i = 0; i < (size_t)out->n_components * width; i++) out->variance[i] = variance;
    for (int m = 0; m < out->n_components; m++) out->share[m] = 1.0 / out->n_components;
}
