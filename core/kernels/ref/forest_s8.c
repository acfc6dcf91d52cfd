/* SPDX-License-Identifier: MIT
 *
 * Decision trees on int8: each tree leads x to a leaf, whose numbers are added to the sums of the classes; y
 * is the sums. With as many numbers a leaf as there are classes that is a forest; with one, tree t tells of
 * class t mod classes, as boosting makes them.
 *
 * A node sends x to its first child where x[feature] <= threshold, else to its second. A child (or root) c >=
 * 0 is a node behind its parent, c < 0 is leaf -1 - c.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_forest_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_forest_params *p = (const mdg_forest_params *)params;
    const int8_t *x = (const int8_t *)in[0];         /* [features] */
    const int16_t *root = (const int16_t *)in[1];    /* [trees] */
    const int16_t *feature = (const int16_t *)in[2]; /* [nodes] */
    const int8_t *threshold = (const int8_t *)in[3]; /* [nodes] */
    const int16_t *child = (const int16_t *)in[4];   /* [nodes][2] */
    const int16_t *leaf = (const int16_t *)in[5];    /* [leaves][width] */
    int32_t *y = (int32_t *)out[0];                  /* [classes] */
    int32_t first = 0;                               /* class that the tree's numbers begin with */

    for (int32_t k = 0; k < p->classes; k++) y[k] = 0;
    for (int32_t t = 0; t < p->trees; t++) {
        int32_t at = root[t];
        while (at >= 0) at = child[2 * at + (x[feature[at]] > threshold[at])];
        const int16_t *votes = leaf + (-1 - at) * p->width;
        for (int32_t k = 0; k < p->width; k++) y[first + k] += votes[k];
        first += p->width;
        if (first == p->classes) first = 0;
    }
}
