/* SPDX-License-Identifier: MIT
 *
 * filter.h: samples through an IIR filter as they come, before any block of features (midge/features.h): a
 * cascade of second-order sections, y = (b0 x + b1 x1 + b2 x2 - a1 y1 - a2 y2), in integers. Designed on the
 * desktop (host/feature). Memory: MDG_FILTER_BYTES of the block's state, zeros at the start; the first sample
 * counts as having always been there, so that the weight of gravity does not ring at the start.
 */
#ifndef MIDGE_FILTER_H
#define MIDGE_FILTER_H

#include "midge/features.h"

/* b0, b1, b2, a1, a2, shifted left by MDG_FILTER_SHIFT; 1 where the section passes what is constant, else 0
 */
#define MDG_FILTER_VALUES 6
#define MDG_FILTER_SHIFT  29

/* Of state_bytes, the last ones */
#define MDG_FILTER_BYTES(n_sections, channels) ((20 * (n_sections) * (channels) + 15) / 8 * 8)

/* samples [n][channels], in place, by f->sections. Saturates. */
MDG_KERNEL void mdg_filter(const mdg_features *f, void *state, int16_t *samples, int32_t n);

#endif
