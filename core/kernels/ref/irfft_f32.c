/* SPDX-License-Identifier: MIT
 *
 * SignalIrfft on float: rows of bins 0 .. points, real and imaginary parts in turn, to real samples.
 */
#include "fft_f32.h"

/* Nothing was divided on the way: the inverse of 2n points is 2n times too large. */
static inline mdg_complex_f32 mdg_irfft_finish_f32(mdg_complex_f32 z, int32_t n) {
    const float length = 2.0f * (float)n;
    const mdg_complex_f32 y = {z.re / length, z.im / length};
    return y;
}

MDG_IRFFT_KERNEL(irfft_f32, mdg_fft_f32, mdg_complex_f32, float, float, mdg_fft_share_f32,
                 mdg_irfft_finish_f32)
