/* SPDX-License-Identifier: MIT
 *
 * learners.h: what is learned, in real numbers, by all that are no trees. x are the int8 values as they are;
 * distances and deviations are in their steps.
 */
#ifndef MDG_CLASSIC_LEARNERS_H
#define MDG_CLASSIC_LEARNERS_H

#include "classic/classic.h"
#include "util/rng.h"

/* -- Linear models: y[k] = bias[k] + sum of weight[k][i] x[i] -- */

typedef struct mdg_linear {
    int n_features, n_outputs;
    double *weight; /* [n_outputs][n_features] */
    double *bias;   /* [n_outputs] */
} mdg_linear;

/* Least squares with a little damping (ridge), solved exactly. target: [n][n_outputs] */
void mdg_linear_fit(const mdg_examples *e, const float *target, int n_outputs, mdg_arena *arena,
                    mdg_linear *out);

/* Classes as targets: 4 for the example's own, -4 for others, so that a softmax of the outputs is near 1 and
 * 0 */
void mdg_linear_train(const mdg_examples *e, mdg_arena *arena, mdg_linear *out);

/* Softmax regression with weight decay; the outputs are logits. */
mdg_status mdg_logistic_train(const mdg_examples *e, mdg_arena *arena, const mdg_progress *progress,
                              mdg_linear *out, mdg_diag *diag);

/* -- Gaussians with independent features -- */

typedef struct mdg_gaussians {
    int n_features, n_components;
    double *mean;     /* [n_components][n_features] */
    double *variance; /* [n_components][n_features] */
    double *share;    /* [n_components] of the examples of all classes */
    int *class_of;    /* [n_components] */
} mdg_gaussians;

/* One component a class */
void mdg_naive_bayes_train(const mdg_examples *e, mdg_arena *arena, mdg_gaussians *out);

/* n_components a class (fewer where it has fewer examples), by Lloyd's algorithm from a start by k-means++;
 * all variances are one, and all shares equal. */
void mdg_kmeans_train(const mdg_examples *e, int n_components, uint64_t seed, mdg_arena *arena,
                      mdg_gaussians *out);

/* Mixtures by expectation-maximisation, from k-means on */
void mdg_gmm_train(const mdg_examples *e, int n_components, uint64_t seed, mdg_arena *arena,
                   mdg_gaussians *out);

/* -log(share density) of component m at x, up to a constant that is the same for all */
double mdg_gaussian_distance(const mdg_gaussians *g, int m, const int8_t *x);

/* -- Mahalanobis distance -- */

typedef struct mdg_whitener {
    int n_features;
    double *mean;     /* [n_features] */
    double *weight;   /* lower triangle by rows: [n_features (n_features + 1) / 2] */
    double shrinkage; /* 0 to 1: how much of the covariance was replaced by its diagonal */
} mdg_whitener;

/* The covariance is shrunk towards its diagonal by as much as its own noise demands (J. Schaefer, K.
 * Strimmer, 2005), so that few examples of many features will do. */
void mdg_whitener_train(const mdg_examples *e, mdg_arena *arena, mdg_whitener *out);

/* |W (x - mean)|^2 */
double mdg_whitener_distance(const mdg_whitener *w, const int8_t *x);

/* -- Neighbours -- */

/* Indices of examples that stand for all: those that the ones chosen before would take for another class
 * (P. Hart, The condensed nearest neighbor rule, 1968), at most `most`. Where several vote it takes crowds
 * besides borders: fill_up draws the rest. Returns how many; out: [most] */
int mdg_condense(const mdg_examples *e, int most, bool fill_up, mdg_rng *r, mdg_arena *arena, int *out);

/* -- Shared -- */

static inline const int8_t *mdg_example(const mdg_examples *e, int i) {
    return e->x + (size_t)i * (size_t)e->n_features;
}

/* Squared distance of x to a centre */
double mdg_squared_distance(const int8_t *x, const double *centre, int n);

/* a [n][n], of which the lower triangle is read, to L with L L^T = a, in place. Pivots are at least `least`.
 */
void mdg_cholesky(double *a, int n, double least);

#endif
