/* SPDX-License-Identifier: MIT
 *
 * SignalRfft on float: rows of real samples to their bins 0 .. points, real and imaginary parts in turn.
 */
#include "fft_f32.h"

MDG_RFFT_KERNEL(rfft_f32, mdg_fft_f32, mdg_complex_f32, float, float, mdg_fft_share_f32, mdg_fft_half_f32)
