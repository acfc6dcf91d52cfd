/* SPDX-License-Identifier: MIT
 *
 * mve.h: what the rules for Cortex-M55 and M85 (core/kernels/mve) share.
 */
#ifndef MDG_SPEC_MVE_H
#define MDG_SPEC_MVE_H

#include "specialize/spec.h"

mdg_spec_rule mdg_spec_mve_conv2d, mdg_spec_mve_depthwise_conv2d, mdg_spec_mve_fully_connected,
    mdg_spec_mve_fully_connected_per_channel, mdg_spec_mve_add, mdg_spec_mve_average_pool2d,
    mdg_spec_mve_max_pool2d, mdg_spec_mve_mul, mdg_spec_mve_mean;

/* Whether requantisation (core/kernels/mve/requantize.h) is exact for all channels; two_sided is set. */
bool mdg_spec_mve_fits(mdg_spec_layer *l, int32_t act_min);

/* Parameters of the kernels' convolutions for those of the reference */
mdg_conv2d_mve_params *mdg_spec_mve_conv_params(mdg_spec *s, const mdg_spec_layer *l);

/* Four bytes as a word */
int32_t mdg_spec_mve_word(const int8_t *bytes);

#endif
