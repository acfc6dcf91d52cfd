/* SPDX-License-Identifier: MIT
 *
 * spectral.h: a block of features (midge/features.h) for motion, vibration and current: for each channel the
 * power in bands of its spectrum, and what its values are like. Its constants are those of midge/mel.h.
 */
#ifndef MIDGE_SPECTRAL_H
#define MIDGE_SPECTRAL_H

#include "midge/mel.h"

/* Statistics of a channel, in this order:
 * mean       steps of the samples
 * level      256 log2(1 + variance)
 * skew       1/256; of values brought to deviation 1
 * kurtosis   1/64; 3 for a normal distribution
 * crest      1/256: largest distance from the mean over the deviation
 * crossings  of the mean, 1/32768 of the samples */
enum { MDG_SPECTRAL_STATISTICS = 6 };

/* out [channels][n_mels + n_statistics]: bands as of mdg_mel_frame, then statistics. The mean is taken off
 * first. With an envelope, all is of the envelope: the mean of |x[n] - x[n - 1]| over each `envelope`
 * samples, which shows how often something strikes, whatever it rings at. */
MDG_KERNEL void mdg_spectral_frame(const mdg_features *f, const int16_t *samples, void *state, void *scratch,
                                   int16_t *out);

#endif
