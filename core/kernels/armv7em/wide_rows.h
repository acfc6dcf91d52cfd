/* SPDX-License-Identifier: MIT
 *
 * wide_rows.h: products of a vector of int16 and rows of int8 weights, four rows at a time. The stream holds
 * for 4 rows: 4 biases | for 4 inputs the bytes (w0 w2 w1 w3) of each row, as wide.h has them | ... 19
 * instructions for 16 products.
 */
#ifndef MDG_ARMV7EM_WIDE_ROWS_H
#define MDG_ARMV7EM_WIDE_ROWS_H

#include "../../fixed.h"
#include "../../simd32.h"

/* Adds `blocks` times 4 inputs, at least one, to the sums of four rows; returns the stream behind their
 * weights. The assembly saves r7 itself: code that is not optimised keeps its frame there.
 * long: one loop in assembly, and its set-up */
static MDG_NOINLINE const int32_t *mdg_wide_rows_add(int32_t sum[4], const int16_t *x, const int32_t *w,
                                                     int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register int32_t a __asm__("r0") = sum[0];
    register int32_t b __asm__("r1") = sum[1];
    register int32_t c __asm__("r2") = sum[2];
    register int32_t d __asm__("r3") = sum[3];
    register int32_t skip __asm__("r10") = -blocks & 3;
    register const int16_t *from __asm__("r11") = x;
    register const int32_t *stream __asm__("r12") = w;
    register const int16_t *end __asm__("lr") = x + 4 * blocks;
    __asm__ volatile("push {r7}\n"
                     "adr.w r4, 1f\n"
                     "mov r5, #76\n" /* bytes of a block */
                     "mla r4, r10, r5, r4\n"
                     "add r4, #1\n"
                     "bx r4\n"
                     "1:\n"
                     ".rept 4\n"
                     "ldr.w r4, [r11], #4\n"
                     "ldr.w r5, [r11], #4\n"
                     "ldm.w r12!, {r6, r8, r9, r10}\n"
                     "sxtb16 r7, r6\n"
                     "smlad r0, r4, r7, r0\n"
                     "sxtb16 r7, r6, ror #8\n"
                     "smlad r0, r5, r7, r0\n"
                     "sxtb16 r7, r8\n"
                     "smlad r1, r4, r7, r1\n"
                     "sxtb16 r7, r8, ror #8\n"
                     "smlad r1, r5, r7, r1\n"
                     "sxtb16 r7, r9\n"
                     "smlad r2, r4, r7, r2\n"
                     "sxtb16 r7, r9, ror #8\n"
                     "smlad r2, r5, r7, r2\n"
                     "sxtb16 r7, r10\n"
                     "smlad r3, r4, r7, r3\n"
                     "sxtb16 r7, r10, ror #8\n"
                     "smlad r3, r5, r7, r3\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     "pop {r7}\n"
                     : "+r"(a), "+r"(b), "+r"(c), "+r"(d), "+r"(skip), "+r"(from), "+r"(stream), "+r"(end)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "cc", "memory");
    sum[0] = a, sum[1] = b, sum[2] = c, sum[3] = d;
    return stream;
#else
    for (const int16_t *end = x + 4 * blocks; x != end; x += 4) {
        const uint32_t x01 = mdg_load4((const int8_t *)x), x23 = mdg_load4((const int8_t *)(x + 2));
        for (int32_t i = 0; i < 4; i++, w++) {
            sum[i] = mdg_smlad(x01, mdg_sxtb16((uint32_t)*w), sum[i]);
            sum[i] = mdg_smlad(x23, mdg_sxtb16_odd((uint32_t)*w), sum[i]);
        }
    }
    return w;
#endif
}

/* Sums of four rows and their biases over n inputs; returns the stream behind. */
static inline const int32_t *mdg_wide_rows_sums(const int16_t *x, const int32_t *w, int32_t n,
                                                int32_t sum[4]) {
    for (int32_t i = 0; i < 4; i++) sum[i] = *w++;
    if (n >= 4) w = mdg_wide_rows_add(sum, x, w, n / 4);
    if (n % 4 == 0) return w;
    int16_t rest[4] = {0, 0, 0, 0};
    memcpy(rest, x + n / 4 * 4, (size_t)(n % 4) * sizeof *rest);
    return mdg_wide_rows_add(sum, rest, w, 1);
}

#endif
