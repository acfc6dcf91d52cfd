/* SPDX-License-Identifier: MIT
 *
 * pairs.h: weights for the matrix core of core/kernels/scalar/pairs.h, and factors for all kernels there.
 */
#ifndef MDG_SPEC_PAIRS_H
#define MDG_SPEC_PAIRS_H

#include "specialize/spec.h"

/* Whether the requantisation of core/kernels/scalar/requantize.h is exact for all channels; sets two_sided.
 * removes_negative: the clamp begins at the output's zero point, -128. */
bool mdg_spec_scalar_fits(mdg_spec_layer *l, bool removes_negative);

/* Adds weights, groups and factors; `taps` of the layer's depth are used. */
void mdg_spec_add_pairs(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, int32_t taps);

/* Multiplier, offset and shift of a channel: two words */
void mdg_spec_scalar_factors(const mdg_spec_channel *c, int32_t to[2]);
/* Adds bias and factors of all channels: three words each. */
void mdg_spec_add_scalar_factors(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l);
void mdg_spec_add_bytes(mdg_spec *s, mdg_call *c, const char *name, const void *bytes, size_t count);

#endif
