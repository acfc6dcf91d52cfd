/* SPDX-License-Identifier: MIT
 *
 * window.h: bytes moved by Helium, 16 at a time, and the windows of a convolution gathered with them.
 */
#ifndef MDG_MVE_WINDOW_H
#define MDG_MVE_WINDOW_H

#include "midge/kernel.h"
#include "../../simd32.h"

static inline void mdg_mve_fill(int8_t *to, int32_t value, int32_t n) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("vdup.8 q0, %2\n"
                     "wlstp.8 lr, %1, 2f\n"
                     "1:\n"
                     "vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : "+&r"(to)
                     : "r"(n), "r"(value)
                     : "lr", "q0", "memory");
#else
    memset(to, value, (size_t)n);
#endif
}

static inline void mdg_mve_copy(int8_t *to, const int8_t *from, int32_t n) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("wlstp.8 lr, %2, 2f\n"
                     "1:\n"
                     "vldrb.8 q0, [%1], #16\n"
                     "vstrb.8 q0, [%0], #16\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : "+&r"(to), "+&r"(from)
                     : "r"(n)
                     : "lr", "q0", "memory");
#else
    memcpy(to, from, (size_t)n);
#endif
}

/* The taps of one axis that lie in the picture: [first, end) */
typedef struct mdg_mve_taps {
    int32_t first, end;
} mdg_mve_taps;

/* at: of the first tap, which may be outside */
static inline mdg_mve_taps mdg_mve_taps_inside(int32_t at, int32_t kernel, int32_t dilation, int32_t size) {
    mdg_mve_taps t;
    t.first = 0;
    t.end = kernel;
    if (at >= 0 && at + (kernel - 1) * dilation < size) return t;
    t.first = at < 0 ? (dilation - 1 - at) / dilation : 0;
    t.end = at + (kernel - 1) * dilation < size ? kernel
            : size > at                         ? (size - at + dilation - 1) / dilation
                                                : 0;
    return t;
}

/* Copies rows of n bytes, whose beginnings lie a pitch apart; n at most 16 goes faster. */
static inline void mdg_mve_copy_rows(int8_t *to, const int8_t *from, int32_t n, int32_t rows,
                                     int32_t to_pitch, int32_t from_pitch) {
#if defined(__ARM_FEATURE_MVE)
    int8_t *a;
    const int8_t *b;
    __asm__ volatile("cmp %5, #16\n"
                     "bgt 1f\n"
                     "vctp.8 %5\n"
                     "dls lr, %2\n"
                     "4:\n"
                     "vpstt\n"
                     "vldrbt.8 q0, [%1]\n"
                     "vstrbt.8 q0, [%0]\n"
                     "add %0, %6\n"
                     "add %1, %7\n"
                     "le lr, 4b\n"
                     "b 5f\n"
                     "1:\n"
                     "mov %3, %0\n"
                     "mov %4, %1\n"
                     "wlstp.8 lr, %5, 3f\n"
                     "2:\n"
                     "vldrb.8 q0, [%4], #16\n"
                     "vstrb.8 q0, [%3], #16\n"
                     "letp lr, 2b\n"
                     "3:\n"
                     "add %0, %6\n"
                     "add %1, %7\n"
                     "subs %2, #1\n"
                     "bne 1b\n"
                     "5:\n"
                     : "+&r"(to), "+&r"(from), "+&r"(rows), "=&r"(a), "=&r"(b)
                     : "r"(n), "r"(to_pitch), "r"(from_pitch)
                     : "lr", "q0", "cc", "memory");
#else
    for (; rows > 0; rows--, to += to_pitch, from += from_pitch) memcpy(to, from, (size_t)n);
#endif
}

#endif
