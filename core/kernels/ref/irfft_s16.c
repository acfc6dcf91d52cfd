/* SPDX-License-Identifier: MIT
 *
 * SignalIrfft on int16: rows of bins 0 .. points, real and imaginary parts in turn, to real samples.
 */
#include "fft_s16.h"

/* The stages have divided already. */
static inline mdg_complex_s16 mdg_irfft_finish_s16(mdg_complex_s16 z, int32_t n) {
    (void)n;
    return z;
}

MDG_IRFFT_KERNEL(irfft_s16, mdg_fft_s16, mdg_complex_s16, int16_t, int32_t, mdg_fft_share_s16,
                 mdg_irfft_finish_s16)
