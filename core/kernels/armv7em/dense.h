/* SPDX-License-Identifier: MIT
 *
 * dense.h: products of a vector of int8 and rows of int8 weights, four rows at a time. Weights are packed two
 * rows a word, as mac.h tells; the stream holds for 4 rows: 4 biases | for 4 inputs the words (0 2) of a and
 * b, (0 2) of c and d, (1 3) of a and b, (1 3) of c and d | ... Sums of b and d hold 24 bits, so long inputs
 * come in chunks.
 */
#ifndef MDG_ARMV7EM_DENSE_H
#define MDG_ARMV7EM_DENSE_H

#include "../../fixed.h"
#include "../../simd32.h"

/* Sums of four outputs over a chunk: low and raw of a and b, then of c and d (mac.h) */
typedef struct mdg_dense_halves {
    int32_t low[2], raw[2];
} mdg_dense_halves;

/* Adds `blocks` times 4 inputs, at least one; returns the stream behind their weights.
 * long: one loop in assembly, and its set-up */
static MDG_NOINLINE const int32_t *mdg_dense_add(mdg_dense_halves *s, const int8_t *x, const int32_t *w,
                                                 int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register int32_t low_a __asm__("r0") = s->low[0];
    register int32_t raw_a __asm__("r1") = s->raw[0];
    register int32_t low_c __asm__("r2") = s->low[1];
    register int32_t raw_c __asm__("r3") = s->raw[1];
    register int32_t skip __asm__("r10") = -blocks & 7;
    register const int8_t *from __asm__("r11") = x;
    register const int32_t *stream __asm__("r12") = w;
    register const int8_t *end __asm__("lr") = x + 4 * blocks;
    __asm__ volatile("adr.w r4, 1f\n"
                     "lsl r10, #6\n" /* bytes of a block */
                     "add r4, r10\n"
                     "add r4, #1\n"
                     "bx r4\n"
                     "1:\n"
                     ".rept 8\n"
                     "ldr.w r9, [r11], #4\n"
                     "ldm.w r12!, {r4-r6, r8}\n"
                     "sxtb16 r10, r9, ror #8\n"
                     "sxtb16 r9, r9\n"
                     "smlad r1, r9, r4, r1\n"
                     "smlad r3, r9, r5, r3\n"
                     "sxtb16 r4, r4\n"
                     "sxtb16 r5, r5\n"
                     "smlad r0, r9, r4, r0\n"
                     "smlad r2, r9, r5, r2\n"
                     "smlad r1, r10, r6, r1\n"
                     "smlad r3, r10, r8, r3\n"
                     "sxtb16 r6, r6\n"
                     "sxtb16 r8, r8\n"
                     "smlad r0, r10, r6, r0\n"
                     "smlad r2, r10, r8, r2\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     : "+r"(low_a), "+r"(raw_a), "+r"(low_c), "+r"(raw_c), "+r"(skip), "+r"(from),
                       "+r"(stream), "+r"(end)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "cc", "memory");
    s->low[0] = low_a, s->raw[0] = raw_a, s->low[1] = low_c, s->raw[1] = raw_c;
    return stream;
#else
    for (const int8_t *end = x + 4 * blocks; x != end; x += 4) {
        const uint32_t word = mdg_load4(x), half[2] = {mdg_sxtb16(word), mdg_sxtb16_odd(word)};
        for (int32_t i = 0; i < 4; i++, w++) {
            s->raw[i & 1] = mdg_smlad(half[i / 2], (uint32_t)*w, s->raw[i & 1]);
            s->low[i & 1] = mdg_smlad(half[i / 2], mdg_sxtb16((uint32_t)*w), s->low[i & 1]);
        }
    }
    return w;
#endif
}

/* Adds n inputs to four sums, of which b and d are whole; returns the stream behind their weights. */
static inline const int32_t *mdg_dense_chunk(const int8_t *x, const int32_t *w, int32_t n, int32_t sum[4]) {
    mdg_dense_halves s;
    s.low[0] = s.raw[0] = sum[0];
    s.low[1] = s.raw[1] = sum[2];
    if (n >= 4) w = mdg_dense_add(&s, x, w, n / 4);
    if (n % 4) {
        int8_t rest[4] = {0, 0, 0, 0};
        memcpy(rest, x + n / 4 * 4, (size_t)(n % 4));
        w = mdg_dense_add(&s, rest, w, 1);
    }
    sum[0] = s.low[0];
    sum[1] = mdg_wrapping_add(sum[1], (int32_t)((uint32_t)s.raw[0] - (uint32_t)s.low[0]) >> 8);
    sum[2] = s.low[1];
    sum[3] = mdg_wrapping_add(sum[3], (int32_t)((uint32_t)s.raw[1] - (uint32_t)s.low[1]) >> 8);
    return w;
}

/* Sums of four rows and their biases over n inputs; returns the stream behind. */
static inline const int32_t *mdg_dense_sums(const int8_t *x, const int32_t *w, int32_t n, int32_t chunk,
                                            int32_t sum[4]) {
    for (int32_t i = 0; i < 4; i++) sum[i] = *w++;
    for (int32_t i = 0; i < n; i += chunk) w = mdg_dense_chunk(x + i, w, n - i < chunk ? n - i : chunk, sum);
    return w;
}

#endif
