/* SPDX-License-Identifier: MIT
 *
 * fft_f32.h: fft.h for float, where nothing is divided on the way.
 */
#ifndef MDG_REF_FFT_F32_H
#define MDG_REF_FFT_F32_H

#include "fft.h"

typedef struct mdg_complex_f32 {
    float re, im;
} mdg_complex_f32;

static inline float mdg_fft_round_f32(float product) {
    return product;
}

static inline float mdg_fft_share_f32(int32_t k) {
    (void)k;
    return 1.0f;
}

static inline float mdg_fft_half_f32(float x) {
    return x * 0.5f;
}

MDG_FFT(fft_f32, mdg_complex_f32, float, float, mdg_fft_round_f32, mdg_fft_share_f32, mdg_fft_half_f32)

#endif
