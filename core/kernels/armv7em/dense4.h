/* SPDX-License-Identifier: MIT
 *
 * dense4.h: as dense.h, with weights of 4 bits. A word holds two inputs of four rows a, b, c, d, in halves of
 *
 *     h = a + 16 b + 256 c + 4096 d, a sum, so that negative ones borrow from what stands above.
 *
 * The low 4, 8 and 12 bits of a half are again such sums, of one, two and three rows, with a sign: one
 * instruction takes them out, at the half's top or, SXTB16, as they are. Four sums of products give the
 * rows':
 *
 *     top = sum x 4096 a     low = sum x (a + 16 b)     mid = sum x 16 (a + 16 b + 256 c)     raw = sum x h
 *
 * exactly, while the sums of |x w| stay below 2^27 / 273: long inputs come in chunks. The stream holds for 4
 * rows: 4 biases | for 4 inputs the words (0 2) and (1 3) | ...
 */
#ifndef MDG_ARMV7EM_DENSE4_H
#define MDG_ARMV7EM_DENSE4_H

#include "../../fixed.h"
#include "../../simd32.h"

typedef struct mdg_dense4_rows {
    int32_t top, low, mid, raw;
} mdg_dense4_rows;

/* Adds `blocks` times 4 inputs, at least one; returns the stream behind their weights. The assembly saves r7
 * itself: code that is not optimised keeps its frame there.
 * long: one loop in assembly, and its set-up */
static MDG_NOINLINE const int32_t *mdg_dense4_add(mdg_dense4_rows *s, const int8_t *x, const int32_t *w,
                                                  int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register int32_t top __asm__("r0") = 0;
    register int32_t low __asm__("r1") = 0;
    register int32_t mid __asm__("r2") = 0;
    register int32_t raw __asm__("r3") = 0;
    register uint32_t skip __asm__("r10") = -(uint32_t)blocks & 3;
    register const int8_t *from __asm__("r11") = x;
    register const int32_t *stream __asm__("r12") = w;
    register const int8_t *end __asm__("lr") = x + 4 * blocks;
    __asm__ volatile("push {r7}\n"
                     "mov.w r8, #0xF000F000\n"
                     "mvn.w r6, #0x000F000F\n"
                     "adr.w r4, 1f\n"
                     "add.w r10, r10, r10, lsl #3\n"
                     "add.w r4, r4, r10, lsl #3\n" /* 72 bytes of a block */
                     "add r4, #1\n"
                     "bx r4\n"
                     ".balign 4\n"
                     "1:\n"
                     ".rept 4\n"
                     "ldr.w r9, [r11], #4\n"
                     "ldrd r4, r5, [r12], #8\n"
                     "sxtb16 r10, r9, ror #8\n"
                     "sxtb16 r9, r9\n"
                     "smlad r3, r9, r4, r3\n"
                     "and.w r7, r6, r4, lsl #4\n"
                     "smlad r2, r9, r7, r2\n"
                     "and.w r7, r8, r4, lsl #12\n"
                     "smlad r0, r9, r7, r0\n"
                     "sxtb16 r4, r4\n"
                     "smlad r1, r9, r4, r1\n"
                     "smlad r3, r10, r5, r3\n"
                     "and.w r7, r6, r5, lsl #4\n"
                     "smlad r2, r10, r7, r2\n"
                     "and.w r7, r8, r5, lsl #12\n"
                     "smlad r0, r10, r7, r0\n"
                     "sxtb16 r5, r5\n"
                     "smlad r1, r10, r5, r1\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     "pop {r7}\n"
                     : "+r"(top), "+r"(low), "+r"(mid), "+r"(raw), "+r"(skip), "+r"(from), "+r"(stream),
                       "+r"(end)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "cc", "memory");
    s->top = top, s->low = low, s->mid = mid, s->raw = raw;
    return stream;
#else
    *s = (mdg_dense4_rows){0, 0, 0, 0};
    for (const int8_t *end = x + 4 * blocks; x != end; x += 4) {
        const uint32_t word = mdg_load4(x), half[2] = {mdg_sxtb16(word), mdg_sxtb16_odd(word)};
        for (int32_t i = 0; i < 2; i++, w++) {
            const uint32_t h = (uint32_t)*w;
            s->raw = mdg_smlad(half[i], h, s->raw);
            s->mid = mdg_smlad(half[i], h << 4 & 0xFFF0FFF0u, s->mid);
            s->top = mdg_smlad(half[i], h << 12 & 0xF000F000u, s->top);
            s->low = mdg_smlad(half[i], mdg_sxtb16(h), s->low);
        }
    }
    return w;
#endif
}

/* a - b where only the difference fits */
static inline int32_t mdg_dense4_minus(int32_t a, int32_t b) {
    return (int32_t)((uint32_t)a - (uint32_t)b);
}

static inline const int32_t *mdg_dense4_blocks(const int8_t *x, const int32_t *w, int32_t blocks,
                                               int32_t sum[4]) {
    mdg_dense4_rows s;
    w = mdg_dense4_add(&s, x, w, blocks);
    const int32_t a = s.top >> 12, abc = s.mid >> 4;
    sum[0] = mdg_wrapping_add(sum[0], a);
    sum[1] = mdg_wrapping_add(sum[1], (s.low - a) >> 4);
    sum[2] = mdg_wrapping_add(sum[2], (abc - s.low) >> 8);
    sum[3] = mdg_wrapping_add(sum[3], mdg_dense4_minus(s.raw, abc) >> 12);
    return w;
}

/* Sums of four rows and their biases over n inputs, a chunk of them at a time; returns the stream behind. */
static inline const int32_t *mdg_dense4_sums(const int8_t *x, const int32_t *w, int32_t n, int32_t chunk,
                                             int32_t sum[4]) {
    const int32_t whole = n / 4 * 4;
    for (int32_t i = 0; i < 4; i++) sum[i] = *w++;
    for (int32_t i = 0; i < whole; i += chunk)
        w = mdg_dense4_blocks(x + i, w, (whole - i < chunk ? whole - i : chunk) / 4, sum);
    if (n == whole) return w;
    int8_t rest[4] = {0, 0, 0, 0};
    memcpy(rest, x + whole, (size_t)(n - whole));
    return mdg_dense4_blocks(rest, w, 1, sum);
}

#endif
