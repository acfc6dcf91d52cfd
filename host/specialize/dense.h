/* SPDX-License-Identifier: MIT
 *
 * dense.h: weights for the dense products of core/kernels/armv7em/dense.h.
 */
#ifndef MDG_SPEC_DENSE_H
#define MDG_SPEC_DENSE_H

#include "specialize/spec.h"

/* Whether neighbouring rows can share words */
bool mdg_spec_dense_fits(const mdg_spec_layer *l);
/* The longest chunk of inputs whose sums of b hold 24 bits */
int32_t mdg_spec_dense_chunk(const mdg_spec_layer *l);
/* Whether a small layer, with weights of 4 bits if it is packed, became one more pointwise convolution of
 * those that come before it */
bool mdg_spec_joins_convolutions(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c);
/* Rows are filled up to a multiple of 4. Of channels, the biases are used. */
void mdg_spec_add_dense_stream(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, const char *name);
/* Two-sided requantisation of the first `count` channels */
void mdg_spec_add_requant(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t count);

#endif
