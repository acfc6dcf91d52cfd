/* SPDX-License-Identifier: MIT
 *
 * mac.h: weights for the matrix core of core/kernels/armv7em/mac.h.
 */
#ifndef MDG_SPEC_MAC_H
#define MDG_SPEC_MAC_H

#include "specialize/spec.h"

/* Whether the matrix core computes the layer exactly; sets two_sided. removes_negative: the clamp begins at
 * the output's zero point, -128. */
bool mdg_spec_mac_fits(mdg_spec_layer *l, bool removes_negative);

/* Whether it does so with weights of 4 bits (core/kernels/armv7em/mac4.h), for a layer that fits: `packed`
 * then may be set. */
bool mdg_spec_mac4_fits(const mdg_spec_layer *l);

void mdg_spec_add_mac_stream(mdg_spec *s, mdg_call *c, const mdg_spec_layer *l, const char *name);

/* In bytes, of the pointwise kernels: pixels spread, and copied where they are no whole words */
size_t mdg_spec_pointwise_scratch(const mdg_spec_layer *l, int32_t in_c);

/* One call of pointwise_smlad_s8, or _w4, for a layer that fits. It reads three pixels before it writes them:
 * in place where a pixel does not grow. */
void mdg_spec_add_pointwise(mdg_spec *s, int32_t pixels, int32_t in_c, const mdg_spec_layer *l);

#endif
