/* SPDX-License-Identifier: MIT
 *
 * mve.h: what the rules for Cortex-M55 and M85 (core/kernels/mve) share.
 */
#ifndef MDG_SPEC_MVE_H
#define MDG_SPEC_MVE_H

#include "specialize/spec.h"

mdg_spec_rule mdg_spec_mve_conv2d, mdg_spec_mve_fully_connected, mdg_spec_mve_fully_connected_per_channel;

/* Whether requantisation (core/kernels/mve/requantize.h) is exact for all channels; two_sided is set. */
bool mdg_spec_mve_fits(mdg_spec_layer *l, int32_t act_min);

/* Four bytes as a word */
int32_t mdg_spec_mve_word(const int8_t *bytes);

#endif
