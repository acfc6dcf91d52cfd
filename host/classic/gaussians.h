/* SPDX-License-Identifier: MIT
 *
 * gaussians.h: what naive Bayes, k-means and mixtures share; nobody else includes it.
 */
#ifndef MDG_CLASSIC_GAUSSIANS_H
#define MDG_CLASSIC_GAUSSIANS_H

#include "classic/learners.h"

/* Of int8 values: rounding to whole steps alone has a twelfth. */
#define MDG_LEAST_VARIANCE 1.0

void mdg_gaussians_new(const mdg_examples *e, int n_components, mdg_arena *arena, mdg_gaussians *out);

/* Mean, variance and share of component m from the examples by weight [n] */
void mdg_gaussian_fit(const mdg_examples *e, const double *weight, mdg_gaussians *g, int m);

#endif
