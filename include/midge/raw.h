/* SPDX-License-Identifier: MIT
 *
 * raw.h: a block of features (midge/features.h) that shows the model the samples themselves: of motion
 * sensors, of pictures. A row holds a value of each channel, the mean over the window; most windows are one
 * sample.
 */
#ifndef MIDGE_RAW_H
#define MIDGE_RAW_H

#include "midge/features.h"

/* factor_q16       65536 / window */
#define MDG_BLOCK_raw(S, T) S(factor_q16)

typedef struct mdg_raw {
    MDG_BLOCK_raw(MDG_BLOCK_SCALAR, MDG_BLOCK_TABLE)
} mdg_raw;

/* out [channels]: the rounded mean of each channel over the window. */
MDG_KERNEL void mdg_raw_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                              int16_t *out);

#endif
