/* SPDX-License-Identifier: MIT
 *
 * The covariance of the normal, shrunk, and the triangle that whitens it.
 */
#include <math.h>

#include "classic/gaussians.h"

static void means(const mdg_examples *e, double *mean) {
    for (int k = 0; k < e->n_features; k++) {
        for (int i = 0; i < e->n; i++) mean[k] += mdg_example(e, i)[k];
        mean[k] /= e->n;
    }
}

/* Covariance of features j and k; *noise gets the variance of that number, examples taken as independent */
static double covariance(const mdg_examples *e, const double *mean, int j, int k, double *noise) {
    double sum = 0, squares = 0;
    for (int i = 0; i < e->n; i++) {
        const int8_t *x = mdg_example(e, i);
        const double p = (x[j] - mean[j]) * (x[k] - mean[k]);
        sum += p;
        squares += p * p;
    }
    const double n = e->n;
    *noise = (squares - sum * sum / n) / (n * n);
    return sum / n;
}

/* Fills the lower triangle; returns the share of it that is noise: the sum of the noise by that of the
 * squares, both of correlations. */
static double covariances(const mdg_examples *e, const double *mean, double *a) {
    const int n = e->n_features;
    double noise = 0, squares = 0, of_one;
    for (int j = 0; j < n; j++) a[j * n + j] = fmax(covariance(e, mean, j, j, &of_one), MDG_LEAST_VARIANCE);
    for (int j = 0; j < n; j++) {
        for (int k = 0; k < j; k++) {
            const double c = covariance(e, mean, j, k, &of_one), scale = a[j * n + j] * a[k * n + k];
            a[j * n + k] = c;
            noise += of_one / scale;
            squares += c * c / scale;
        }
    }
    return squares > 0 ? fmin(1, noise / squares) : 1;
}

/* Rows of the inverse of the lower triangle l [n][n] */
static void invert(const double *l, int n, double *rows) {
    for (int j = 0; j < n; j++) {
        double *row = rows + j * (j + 1) / 2;
        for (int k = j; k >= 0; k--) { /* row j of the inverse times column k of l is 1 or 0 */
            double sum = j == k ? 1 : 0;
            for (int i = k + 1; i <= j; i++) sum -= row[i] * l[i * n + k];
            row[k] = sum / l[k * n + k];
        }
    }
}

void mdg_whitener_train(const mdg_examples *e, mdg_arena *arena, mdg_whitener *out) {
    const int n = e->n_features;
    double *a = mdg_arena_array(arena, (size_t)n * (size_t)n, sizeof *a);
    *out = (mdg_whitener){.n_features = n};
    out->mean = mdg_arena_array(arena, (size_t)n, sizeof *out->mean);
    out->weight = mdg_arena_array(arena, (size_t)n * ((size_t)n + 1) / 2, sizeof *out->weight);
    means(e, out->mean);
    out->shrinkage = covariances(e, out->mean, a);
    for (int j = 0; j < n; j++)
        for (int k = 0; k < j; k++) a[j * n + k] *= 1 - out->shrinkage;
    mdg_cholesky(a, n, MDG_LEAST_VARIANCE / 16);
    invert(a, n, out->weight);
}

double mdg_whitener_distance(const mdg_whitener *w, const int8_t *x) {
    const double *row = w->weight;
    double sum = 0;
    for (int j = 0; j < w->n_features; row += ++j) {
        double z = 0;
        for (int i = 0; i <= j; i++) z += row[i] * (x[i] - w->mean[i]);
        sum += z * z;
    }
    return sum;
}
