/* SPDX-License-Identifier: MIT
 *
 * wide.h: products of int16 activations and int8 weights: two pixels by two output channels.
 *
 * Panel, for 4 taps: (p0 p1) (p2 p3) of the first pixel, the same of the second. Weights, for 4 taps: bytes
 * (w0 w2 w1 w3) of channel a, the same of channel b, so that SXTB16 makes the pairs that taps have. 14
 * instructions for 16 products.
 */
#ifndef MDG_ARMV7EM_WIDE_H
#define MDG_ARMV7EM_WIDE_H

#include "../../simd32.h"
#include "wide_requantize.h"

/* Adds `blocks` times 4 taps, at least one, to the sums of a for both pixels and of b for both; returns the
 * stream behind their weights. long: one loop in assembly, and its set-up */
static MDG_NOINLINE const int32_t *mdg_wide_add(int32_t sum[4], const uint32_t *panel, const int32_t *w,
                                                int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register int32_t a0 __asm__("r0") = sum[0];
    register int32_t a1 __asm__("r1") = sum[1];
    register int32_t b0 __asm__("r2") = sum[2];
    register int32_t b1 __asm__("r3") = sum[3];
    register int32_t skip __asm__("r10") = -blocks & 3;
    register const uint32_t *from __asm__("r11") = panel;
    register const int32_t *stream __asm__("r12") = w;
    register const uint32_t *end __asm__("lr") = panel + 4 * blocks;
    __asm__ volatile("push {r7}\n"
                     "adr.w r4, 1f\n"
                     "mov r5, #56\n" /* bytes of a block */
                     "mla r4, r10, r5, r4\n"
                     "add r4, #1\n"
                     "bx r4\n"
                     "1:\n"
                     ".rept 4\n"
                     "ldm.w r11!, {r4, r5, r6, r8}\n"
                     "ldrd r9, r10, [r12], #8\n"
                     "sxtb16 r7, r9\n"
                     "smlad r0, r4, r7, r0\n"
                     "smlad r1, r6, r7, r1\n"
                     "sxtb16 r7, r9, ror #8\n"
                     "smlad r0, r5, r7, r0\n"
                     "smlad r1, r8, r7, r1\n"
                     "sxtb16 r7, r10\n"
                     "smlad r2, r4, r7, r2\n"
                     "smlad r3, r6, r7, r3\n"
                     "sxtb16 r7, r10, ror #8\n"
                     "smlad r2, r5, r7, r2\n"
                     "smlad r3, r8, r7, r3\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     "pop {r7}\n"
                     : "+r"(a0), "+r"(a1), "+r"(b0), "+r"(b1), "+r"(skip), "+r"(from), "+r"(stream), "+r"(end)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "cc", "memory");
    sum[0] = a0, sum[1] = a1, sum[2] = b0, sum[3] = b1;
    return stream;
#else
    for (int32_t i = 0; i < blocks; i++, panel += 4, w += 2) {
        for (int32_t k = 0; k < 4; k++) {
            const uint32_t *x = panel + 2 * (k % 2), weights = (uint32_t)w[k / 2];
            sum[k] = mdg_smlad(x[0], mdg_sxtb16(weights), sum[k]);
            sum[k] = mdg_smlad(x[1], mdg_sxtb16_odd(weights), sum[k]);
        }
    }
    return w;
#endif
}

#endif
