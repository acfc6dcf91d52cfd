/* SPDX-License-Identifier: MIT
 *
 * weights4.h: weights of 4 bits, which stay packed.
 */
#ifndef MDG_SPEC_WEIGHTS4_H
#define MDG_SPEC_WEIGHTS4_H

#include "specialize/spec.h"

bool mdg_spec_fits_4_bits(const int8_t *w, size_t n);
/* Two a byte, the first in the low half */
void mdg_spec_pack_4_bits(const int8_t *w, size_t n, uint8_t *to);

/* For armv7em: FULLY_CONNECTED, or a CONV_2D that is one, by fully_connected_smlad_s8_w4 */
mdg_spec_rule mdg_spec_fully_connected_w4, mdg_spec_conv2d_w4;

/* One such call for a layer; false, and nothing, where its weights do not fit. */
bool mdg_spec_add_fully_connected_w4(mdg_spec *s, mdg_spec_layer *l, int32_t batches, int32_t in_c);

/* Whether it is a kernel that calls become by mdg_spec_pack_weights */
bool mdg_spec_is_packed(mdg_kernel_id kernel);

/* Whether a call becomes another by mdg_spec_pack_weights */
bool mdg_spec_is_packable(const mdg_program *p, const mdg_call *c, const bool *without);

/* Calls of reference kernels whose constant weights all fit 4 bits become calls of those that unpack them,
 * two a byte, unless they do without them ([MDG_K_COUNT]). Calls that share weights go on sharing them. */
void mdg_spec_pack_weights(mdg_program *p, const bool *without);

#endif
