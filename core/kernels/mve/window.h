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
    t.first = at < 0 ? (dilation - 1 - at) / dilation : 0;
    t.end = at + (kernel - 1) * dilation < size ? kernel
            : size > at                         ? (size - at + dilation - 1) / dilation
                                                : 0;
    return t;
}

/* The window whose first tap is at (y, x): its rows one after the other, the input's zero point where there
 * is no picture */
static inline void mdg_mve_gather(const mdg_conv2d_mve_params *p, int8_t *to, const int8_t *picture,
                                  int32_t y, int32_t x) {
    const mdg_mve_taps h = mdg_mve_taps_inside(y, p->kernel_h, p->dilation_h, p->in_h);
    const mdg_mve_taps w = mdg_mve_taps_inside(x, p->kernel_w, p->dilation_w, p->in_w);
    const int32_t rows = h.end - h.first, columns = w.end - w.first, run = p->kernel_w * p->in_c;
    if (rows < p->kernel_h || columns < p->kernel_w) mdg_mve_fill(to, p->in_zero, p->kernel_h * run);
    if (rows <= 0 || columns <= 0) return;
    const int32_t step = p->dilation_w * p->in_c, pitch = p->dilation_h * p->in_w * p->in_c;
    const int8_t *from = picture + (y * p->in_w + x) * p->in_c + h.first * pitch + w.first * step;
    to += h.first * run + w.first * p->in_c;
    for (int32_t i = 0; i < rows; i++, to += run, from += pitch) {
        if (p->dilation_w == 1)
            mdg_mve_copy(to, from, columns * p->in_c);
        else
            for (int32_t k = 0; k < columns; k++) mdg_mve_copy(to + k * p->in_c, from + k * step, p->in_c);
    }
}

#endif
