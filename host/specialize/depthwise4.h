/* SPDX-License-Identifier: MIT
 *
 * depthwise4.h: depthwise layers with weights of 4 bits on armv7em (core/kernels/armv7em/depthwise*_w4.c).
 */
#ifndef MDG_SPEC_DEPTHWISE4_H
#define MDG_SPEC_DEPTHWISE4_H

#include "specialize/spec.h"
#include "specialize/weights4.h"

/* Whether a layer whose weights are packed goes to the kernel for these */
bool mdg_spec_packs_3x3(const mdg_spec *s, const mdg_spec_layer *l);
bool mdg_spec_packs_taps(const mdg_spec *s, const mdg_spec_layer *l);
bool mdg_spec_packs_general(const mdg_spec *s, const mdg_spec_layer *l);
bool mdg_spec_packs_line(const mdg_spec *s, const mdg_spec_layer *l);

/* The record of a channel of depthwise3x3_smlad_s8_w4, 3 words */
void mdg_spec_put_3x3_w4(const mdg_spec_layer *l, int32_t channel, bool along_w, int32_t *to);
/* The weights of channels first to first + 3 in depthwise_smlad_s8_w4's stream; returns its end. */
int32_t *mdg_spec_put_rows_w4(const mdg_spec_layer *l, int32_t first, const mdg_conv2d_smlad_params *q,
                              int32_t *to);
/* Taps t and t + 1, if there is one, of the same channels in depthwise_line_smlad_s8_w4's stream */
int32_t mdg_spec_line_word_w4(const mdg_spec_layer *l, int32_t first, int32_t t, int32_t taps);

#endif
