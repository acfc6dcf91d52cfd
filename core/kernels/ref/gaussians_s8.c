/* SPDX-License-Identifier: MIT
 *
 * Distances to weighted centres on int8: component m is as far as
 *
 *     d[m] = bias[m] + (sum of weight[m][i] (x[i] - centre[m][i])^2) >> shift,
 *
 * and a class as its nearest component. With weight = 2^shift scale / (2 variance) and bias = -scale
 * log(share / deviations) that is the negative log density of a Gaussian mixture's best component, in units
 * of 1 / scale; with equal weights it is k-means. y is the distance of each class, or (relative) by how much
 * the nearest class is nearer: 0 or less, 0 for the nearest.
 */
#include "midge/kernel.h"

enum { MDG_FARTHEST = INT32_C(1) << 29 };

/* Squares are below 2^16 and weights below 2^15: products fit 31 bits, sums need more. */
static inline int32_t mdg_weighted_distance(const int8_t *x, const int8_t *centre, const int16_t *weight,
                                            const mdg_gaussians_params *p) {
    int64_t sum = 0;
    for (int32_t i = 0; i < p->features; i++) {
        const int32_t d = x[i] - centre[i];
        sum += d * d * weight[i];
    }
    sum >>= p->shift;
    return sum < MDG_FARTHEST ? (int32_t)sum : MDG_FARTHEST;
}

MDG_KERNEL void mdg_gaussians_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_gaussians_params *p = (const mdg_gaussians_params *)params;
    const int8_t *x = (const int8_t *)in[0];          /* [features] */
    const int8_t *centre = (const int8_t *)in[1];     /* [components][features] */
    const int16_t *weight = (const int16_t *)in[2];   /* [components][features], not negative */
    const int32_t *bias = (const int32_t *)in[3];     /* [components], 0 to MDG_FARTHEST */
    const uint8_t *class_of = (const uint8_t *)in[4]; /* [components] */
    int32_t *y = (int32_t *)out[0];                   /* [classes] */
    int32_t nearest = 2 * MDG_FARTHEST;

    for (int32_t k = 0; k < p->classes; k++) y[k] = nearest;
    for (int32_t m = 0; m < p->components; m++) {
        const int32_t at = m * p->features;
        const int32_t d = bias[m] + mdg_weighted_distance(x, centre + at, weight + at, p);
        if (d < y[class_of[m]]) y[class_of[m]] = d;
        if (d < nearest) nearest = d;
    }
    for (int32_t k = 0; p->relative && k < p->classes; k++) y[k] = nearest - y[k];
}
