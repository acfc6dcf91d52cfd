/* SPDX-License-Identifier: MIT
 *
 * rfft.h: the spectrum of real samples in 32-bit integers.
 *
 * N samples are taken as N/2 complex ones, transformed by radix-4 steps (decimation in time; one radix-2 step
 * first where N/2 is no power of four), and split into the N/2 + 1 bins of the real transform. Nothing is
 * scaled by what the data are: a stage with twiddles halves, since a product of a Q15 factor is shifted by
 * 16, and the first values leave room for the rest of the growth (host/feature chooses window_shift so that
 * full scale stays below 2^30). What the Q15 tables round away lies where a 16-bit recording has its own
 * noise, some 95 dB below full scale.
 */
#ifndef MDG_RFFT_H
#define MDG_RFFT_H

#include <stdint.h>

typedef struct mdg_bin {
    int32_t re, im;
} mdg_bin;

/* floor(a * w / 2^16) for w of 16 bits, where 32 x 32 -> 64 bits is one instruction: the upper word of a
 * product, without a shift */
static inline int32_t mdg_mul_q16_wide(int32_t a, int32_t w) {
    return (int32_t)(((int64_t)a * (w * 65536)) >> 32);
}

/* The same number, where it is a call: two 32-bit products */
static inline int32_t mdg_mul_q16_narrow(int32_t a, int32_t w) {
    const int32_t low = (int32_t)((uint32_t)a & 0xffff);
    return (a >> 16) * w + ((low * w) >> 16);
}

static inline int32_t mdg_mul_q16(int32_t a, int32_t w) {
#if defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 1
    return mdg_mul_q16_narrow(a, w);
#else
    return mdg_mul_q16_wide(a, w);
#endif
}

/* z * w / 2, w a twiddle in Q15 */
static inline mdg_bin mdg_bin_rotate(mdg_bin z, mdg_bin w) {
    const mdg_bin y = {mdg_mul_q16(z.re, w.re) - mdg_mul_q16(z.im, w.im),
                       mdg_mul_q16(z.im, w.re) + mdg_mul_q16(z.re, w.im)};
    return y;
}

static inline mdg_bin mdg_bin_half(mdg_bin z) {
    const mdg_bin y = {z.re >> 1, z.im >> 1};
    return y;
}

static inline mdg_bin mdg_twiddle(const int16_t *table_q15, int32_t k) {
    const mdg_bin w = {table_q15[2 * k], table_q15[2 * k + 1]};
    return w;
}

/* The DFT of two to out[0], out[step] */
static inline void mdg_butterfly2(mdg_bin a, mdg_bin b, mdg_bin *out, int32_t step) {
    out[0].re = a.re + b.re;
    out[0].im = a.im + b.im;
    out[step].re = a.re - b.re;
    out[step].im = a.im - b.im;
}

/* The DFT of four to out[0], out[step], out[2 step], out[3 step] */
static inline void mdg_butterfly4(mdg_bin u0, mdg_bin u1, mdg_bin u2, mdg_bin u3, mdg_bin *out,
                                  int32_t step) {
    const mdg_bin sum02 = {u0.re + u2.re, u0.im + u2.im}, sum13 = {u1.re + u3.re, u1.im + u3.im};
    const mdg_bin dif02 = {u0.re - u2.re, u0.im - u2.im};
    const mdg_bin turned = {u1.im - u3.im, u3.re - u1.re}; /* -i (u1 - u3) */
    mdg_butterfly2(sum02, sum13, out, 2 * step);
    mdg_butterfly2(dif02, turned, out + step, 2 * step);
}

/* One radix-4 stage: of each group of four transforms of length `step`, standing in the order 0, 2, 1, 3 of
 * their decimation, it makes one of length 4 step, halved. */
static void mdg_rfft_stage(mdg_bin *z, int32_t n, int32_t step, const int16_t *twiddle_q15) {
    const int32_t stride = n / (4 * step);
    for (int32_t k = 0; k < step; k++) {
        const mdg_bin w1 = mdg_twiddle(twiddle_q15, k * stride);
        const mdg_bin w2 = mdg_twiddle(twiddle_q15, 2 * k * stride);
        const mdg_bin w3 = mdg_twiddle(twiddle_q15, 3 * k * stride);
        for (mdg_bin *p = z + k; p < z + n; p += 4 * step) {
            mdg_butterfly4(mdg_bin_half(p[0]), mdg_bin_rotate(p[2 * step], w1), mdg_bin_rotate(p[step], w2),
                           mdg_bin_rotate(p[3 * step], w3), p, step);
        }
    }
}

/* From the transform of n complex values to the n + 1 bins of the 2n real ones. With Z the one, E and O those
 * of the even and odd samples: E[k] = (Z[k] + Z*[n-k]) / 2, O[k] = -i (Z[k] - Z*[n-k]) / 2,
 * X[k] = E[k] + w^k O[k], X*[n-k] = E[k] - w^k O[k]. Upper bins are left conjugated: only power is asked for.
 */
static inline void mdg_rfft_split(mdg_bin *z, int32_t n, const int16_t *split_q15) {
    const mdg_bin first = z[0];
    z[0].re = first.re + first.im;
    z[n].re = first.re - first.im;
    z[0].im = z[n].im = 0;
    for (int32_t k = 1; k < n / 2; k++) {
        const mdg_bin a = z[k], b = z[n - k];
        const mdg_bin even = {(a.re + b.re) >> 1, (a.im - b.im) >> 1};
        const mdg_bin odd = {a.im + b.im, b.re - a.re};
        mdg_butterfly2(even, mdg_bin_rotate(odd, mdg_twiddle(split_q15, k)), z + k, n - 2 * k);
    }
}

#endif
