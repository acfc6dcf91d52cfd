/* SPDX-License-Identifier: MIT
 *
 * fft_s16.h: fft.h for int16, products in Q15.
 */
#ifndef MDG_REF_FFT_S16_H
#define MDG_REF_FFT_S16_H

#include "fft.h"

typedef struct mdg_complex_s16 {
    int16_t re, im;
} mdg_complex_s16;

static inline int16_t mdg_fft_round_s16(int32_t product) {
    return (int16_t)((product + (1 << 14)) >> 15);
}

static inline int16_t mdg_fft_share_s16(int32_t k) {
    return (int16_t)(INT16_MAX / k);
}

static inline int16_t mdg_fft_half_s16(int32_t x) {
    return (int16_t)(x >> 1);
}

MDG_FFT(fft_s16, mdg_complex_s16, int16_t, int32_t, mdg_fft_round_s16, mdg_fft_share_s16, mdg_fft_half_s16)

#endif
