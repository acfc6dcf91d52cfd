/* SPDX-License-Identifier: MIT
 *
 * SignalIrfft on int32: rows of bins 0 .. points, real and imaginary parts in turn, to real samples.
 */
#include "fft_s32.h"

/* The stages have divided already. */
static inline mdg_complex_s32 mdg_irfft_finish_s32(mdg_complex_s32 z, int32_t n) {
    (void)n;
    return z;
}

MDG_IRFFT_KERNEL(irfft_s32, mdg_fft_s32, mdg_complex_s32, int32_t, int64_t, mdg_fft_share_s32,
                 mdg_irfft_finish_s32)
