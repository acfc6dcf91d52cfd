/* SPDX-License-Identifier: MIT
 *
 * pairs.h: weights for the matrix core of core/kernels/scalar/pairs.h.
 */
#ifndef MDG_SPEC_PAIRS_H
#define MDG_SPEC_PAIRS_H

#include "specialize/spec.h"

/* Whether the core's requantisation is exact for all channels; sets two_sided. removes_negative: the clamp
 * begins at the output's zero point, -128. */
bool mdg_spec_pairs_fit(mdg_spec_layer *l, bool removes_negative);

/* Adds weights, groups and factors; `taps` of the layer's depth are used. */
void mdg_spec_add_pairs(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps);

#endif
