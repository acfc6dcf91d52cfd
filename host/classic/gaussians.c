/* SPDX-License-Identifier: MIT
 *
 * Naive Bayes, and what all Gaussians share.
 */
#include <math.h>

#include "classic/gaussians.h"

void mdg_gaussians_new(const mdg_examples *e, int n_components, mdg_arena *arena, mdg_gaussians *out) {
    const size_t m = (size_t)n_components, values = m * (size_t)e->n_features;
    *out = (mdg_gaussians){.n_features = e->n_features, .n_components = n_components};
    out->mean = mdg_arena_array(arena, values, sizeof *out->mean);
    out->variance = mdg_arena_array(arena, values, sizeof *out->variance);
    out->share = mdg_arena_array(arena, m, sizeof *out->share);
    out->class_of = mdg_arena_array(arena, m, sizeof *out->class_of);
}

void mdg_gaussian_fit(const mdg_examples *e, const double *weight, mdg_gaussians *g, int m) {
    const int n = g->n_features;
    double *mean = g->mean + (size_t)m * (size_t)n, *variance = g->variance + (size_t)m * (size_t)n, sum = 0;
    for (int k = 0; k < n; k++) mean[k] = variance[k] = 0;
    for (int i = 0; i < e->n; i++) {
        const int8_t *x = mdg_example(e, i);
        if (weight[i] <= 0) continue;
        sum += weight[i];
        for (int k = 0; k < n; k++) {
            mean[k] += weight[i] * x[k];
            variance[k] += weight[i] * x[k] * x[k];
        }
    }
    for (int k = 0; k < n && sum > 0; k++) {
        mean[k] /= sum;
        variance[k] = variance[k] / sum - mean[k] * mean[k];
        if (variance[k] < MDG_LEAST_VARIANCE) variance[k] = MDG_LEAST_VARIANCE;
    }
    g->share[m] = sum / e->n;
}

double mdg_gaussian_distance(const mdg_gaussians *g, int m, const int8_t *x) {
    const double *mean = g->mean + (size_t)m * (size_t)g->n_features;
    const double *variance = g->variance + (size_t)m * (size_t)g->n_features;
    double sum = -log(fmax(g->share[m], 1e-12));
    for (int k = 0; k < g->n_features; k++)
        sum += 0.5 * ((x[k] - mean[k]) * (x[k] - mean[k]) / variance[k] + log(variance[k]));
    return sum;
}

void mdg_naive_bayes_train(const mdg_examples *e, mdg_arena *arena, mdg_gaussians *out) {
    double *weight = mdg_arena_array(arena, (size_t)e->n, sizeof *weight);
    mdg_gaussians_new(e, e->n_classes, arena, out);
    for (int c = 0; c < e->n_classes; c++) {
        for (int i = 0; i < e->n; i++) weight[i] = e->y[i] == c ? 1 : 0;
        mdg_gaussian_fit(e, weight, out, c);
        out->class_of[c] = c;
    }
}
