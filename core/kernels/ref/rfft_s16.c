/* SPDX-License-Identifier: MIT
 *
 * SignalRfft on int16: rows of real samples to their bins 0 .. points, real and imaginary parts in turn.
 */
#include "fft_s16.h"

MDG_RFFT_KERNEL(rfft_s16, mdg_fft_s16, mdg_complex_s16, int16_t, int32_t, mdg_fft_share_s16, mdg_fft_half_s16)
