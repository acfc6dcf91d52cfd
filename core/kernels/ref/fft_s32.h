/* SPDX-License-Identifier: MIT
 *
 * fft_s32.h: fft.h for int32, products in Q31.
 */
#ifndef MDG_REF_FFT_S32_H
#define MDG_REF_FFT_S32_H

#include "fft.h"

typedef struct mdg_complex_s32 {
    int32_t re, im;
} mdg_complex_s32;

static inline int32_t mdg_fft_round_s32(int64_t product) {
    return (int32_t)((product + (INT32_C(1) << 30)) >> 31);
}

static inline int32_t mdg_fft_share_s32(int32_t k) {
    return INT32_MAX / k;
}

/* The sum wraps around before it is halved, as 32-bit sums do. */
static inline int32_t mdg_fft_half_s32(int64_t x) {
    return (int32_t)x >> 1;
}

MDG_FFT(fft_s32, mdg_complex_s32, int32_t, int64_t, mdg_fft_round_s32, mdg_fft_share_s32, mdg_fft_half_s32)

#endif
