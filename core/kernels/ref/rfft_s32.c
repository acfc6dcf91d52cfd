/* SPDX-License-Identifier: MIT
 *
 * SignalRfft on int32: rows of real samples to their bins 0 .. points, real and imaginary parts in turn.
 */
#include "fft_s32.h"

MDG_RFFT_KERNEL(rfft_s32, mdg_fft_s32, mdg_complex_s32, int32_t, int64_t, mdg_fft_share_s32, mdg_fft_half_s32)
