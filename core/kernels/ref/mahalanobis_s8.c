/* SPDX-License-Identifier: MIT
 *
 * Squared Mahalanobis distance on int8: y = |W (x - mean)|^2, W a lower triangle that whitens, so that W^T W
 * is the inverse of a covariance. Row j has weights of its own scale: z[j] = (sum of weight[j][i] x[i] -
 * bias[j]) >> shift[j] is in 1/64 of a deviation, y in 1/256.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

enum { MDG_WHITENED_MAX = INT32_C(1) << 21 };

MDG_KERNEL void mdg_mahalanobis_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_mahalanobis_params *p = (const mdg_mahalanobis_params *)params;
    const int8_t *x = (const int8_t *)in[0];        /* [features] */
    const int16_t *weight = (const int16_t *)in[1]; /* row j has j + 1: [features * (features + 1) / 2] */
    const int32_t *bias = (const int32_t *)in[2];   /* [features] */
    const uint8_t *shift = (const uint8_t *)in[3];  /* [features] */
    int32_t *y = (int32_t *)out[0];                 /* [1] */
    int64_t sum = 0;

    for (int32_t j = 0; j < p->features; j++) {
        int32_t z = -bias[j];
        for (int32_t i = 0; i <= j; i++) z += weight[i] * x[i];
        z = mdg_clamp(z >> shift[j], -MDG_WHITENED_MAX, MDG_WHITENED_MAX);
        sum += (int64_t)z * z;
        weight += j + 1;
    }
    sum >>= 4;
    *y = sum < INT32_MAX ? (int32_t)sum : INT32_MAX;
}
