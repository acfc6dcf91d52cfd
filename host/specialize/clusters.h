/* SPDX-License-Identifier: MIT
 *
 * clusters.h: clustered weights: a layer's int8 weights that have at most 16 different values are kept as
 * their places in a table of these, two a byte, and decoded on the target (core/kernels/armv7em/lut.h). How
 * they came to be so few does not matter.
 */
#ifndef MDG_SPEC_CLUSTERS_H
#define MDG_SPEC_CLUSTERS_H

#include "specialize/spec.h"

enum { MDG_SPEC_CLUSTERS = 16 };

typedef struct mdg_spec_clusters {
    int8_t value[MDG_SPEC_CLUSTERS]; /* in ascending order */
    uint8_t place[256];              /* of value v: place[v + 128] */
} mdg_spec_clusters;

/* False where there are more values. */
bool mdg_spec_find_clusters(const int8_t *w, size_t n, mdg_spec_clusters *out);

/* Places of weights 0 to 3 of two channels, as bytes a + 16 b */
int32_t mdg_spec_cluster_pair(const mdg_spec_clusters *clusters, const int8_t *a, const int8_t *b);

/* Whether a layer may have clustered weights: flash comes first, there are enough of them and few values,
 * which it tells, and the kernel may be used */
bool mdg_spec_may_cluster(const mdg_spec *s, mdg_kernel_id kernel, const mdg_spec_layer *l,
                          mdg_spec_clusters *clusters);
/* The constant that holds the values, and scratch of a table and so many words */
void mdg_spec_add_clusters(mdg_spec *s, mdg_call *c, const mdg_spec_clusters *clusters, int32_t words);

/* One call of pointwise_smlad_s8_lut or conv2d_smlad_s8_lut for a layer that fits the matrix core; false, and
 * nothing, where it may not be. */
bool mdg_spec_add_clustered_conv2d(mdg_spec *s, const mdg_conv2d_params *p, const mdg_spec_layer *l);

/* Whether calls of the program could become this kernel, which decodes clustered weights */
bool mdg_spec_may_decode(const mdg_program *p, mdg_kernel_id kernel);

/* Whether it is a kernel that does so */
bool mdg_spec_is_decoding(mdg_kernel_id kernel);

#endif
