/* SPDX-License-Identifier: MIT
 *
 * K nearest neighbours on int8: the k prototypes nearest to x (squared distance; of equal ones the earlier)
 * vote for their classes, the nearest with weight 2 k, the next with 2 k - 1 and so on: a majority decides,
 * and a tie falls to the nearer. y is the sums of the votes.
 */
#include "midge/kernel.h"

static inline int32_t mdg_squared_distance(const int8_t *a, const int8_t *b, int32_t n) {
    int32_t sum = 0;
    for (int32_t i = 0; i < n; i++) sum += (a[i] - b[i]) * (a[i] - b[i]);
    return sum;
}

MDG_KERNEL void mdg_neighbours_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_neighbours_params *p = (const mdg_neighbours_params *)params;
    const int8_t *x = (const int8_t *)in[0];          /* [features] */
    const int8_t *prototype = (const int8_t *)in[1];  /* [prototypes][features] */
    const uint8_t *class_of = (const uint8_t *)in[2]; /* [prototypes] */
    int32_t *y = (int32_t *)out[0];                   /* [classes] */
    int32_t *near = (int32_t *)out[1];                /* [k][2] distance and prototype, nearest first */
    int32_t n = 0;

    for (int32_t m = 0; m < p->prototypes; m++) {
        const int32_t d = mdg_squared_distance(x, prototype + m * p->features, p->features);
        if (n == p->k && d >= near[2 * (n - 1)]) continue;
        int32_t at = n < p->k ? n++ : n - 1;
        for (; at > 0 && d < near[2 * (at - 1)]; at--) {
            near[2 * at] = near[2 * (at - 1)];
            near[2 * at + 1] = near[2 * (at - 1) + 1];
        }
        near[2 * at] = d;
        near[2 * at + 1] = m;
    }
    for (int32_t c = 0; c < p->classes; c++) y[c] = 0;
    for (int32_t r = 0; r < n; r++) y[class_of[near[2 * r + 1]]] += 2 * p->k - r;
}
