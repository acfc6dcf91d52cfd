/* SPDX-License-Identifier: MIT
 *
 * mac_two.h: the matrix core (mac.h) for two pixels at a time, with the same stream: its panel takes two
 * thirds of the scratch, for an instruction in 17 more.
 *
 * Panel [depth / 4][4]: for 4 input channels and pixels p, q the words (p0 p2) (p1 p3) (q0 q2) (q1 q3).
 */
#ifndef MDG_ARMV7EM_MAC_TWO_H
#define MDG_ARMV7EM_MAC_TWO_H

#include <stddef.h>

#include "mac.h"
#include "midge/kernel.h"

static inline mdg_mac mdg_mac_two_start(const uint32_t *panel, const int32_t *stream,
                                        const mdg_conv2d_smlad_params *p) {
    mdg_mac m = mdg_mac_start(panel, stream, p->depth, p->out_c, p->two_sided);
    m.x_end = panel + p->depth / 4 * 4;
    return m;
}

/* Spreads `rows` rows of `words` words of one pixel, `pitch` bytes from each other; returns the place of what
 * follows. For pixel q, panel + 2. */
static MDG_NOINLINE uint32_t *mdg_mac_two_spread(uint32_t *panel, const int8_t *x, int32_t words,
                                                 int32_t rows, int32_t pitch) {
    const int32_t skip = pitch - 4 * words;
#if defined(__ARM_FEATURE_SIMD32)
    int32_t left;
    __asm__ volatile("1:\n"
                     "mov %[left], %[words]\n"
                     "2:\n"
                     "ldr r4, [%[x]], #4\n"
                     "subs %[left], #1\n"
                     "sxtb16 r5, r4, ror #8\n"
                     "sxtb16 r4, r4\n"
                     "strd r4, r5, [%[panel]], #16\n"
                     "bne 2b\n"
                     "subs %[rows], #1\n"
                     "add %[x], %[x], %[skip]\n"
                     "bne 1b\n"
                     : [panel] "+r"(panel), [x] "+r"(x), [rows] "+r"(rows), [left] "=&r"(left)
                     : [words] "r"(words), [skip] "r"(skip)
                     : "r4", "r5", "cc", "memory");
#else
    for (; rows > 0; rows--, x += skip) {
        for (int32_t i = 0; i < words; i++, x += 4, panel += 4) {
            const uint32_t word = mdg_load4(x);
            panel[0] = mdg_sxtb16(word);
            panel[1] = mdg_sxtb16_odd(word);
        }
    }
#endif
    return panel;
}

/* Low of both pixels, then raw, of the pair at w; returns the stream behind its weights. Registers: r0 r1
 * low, r2 r3 raw, r4 r5 weights, r6 r8 r9 r10 pixels, r11 panel, r12 stream */
static MDG_NOINLINE const int32_t *mdg_mac_two_sums(const mdg_mac *m, const int32_t *w, int32_t sums[4]) {
#if defined(__ARM_FEATURE_SIMD32)
    register const mdg_mac *r0 __asm__("r0") = m;
    register const int32_t *r1 __asm__("r1") = w;
    register int32_t *r2 __asm__("r2") = sums;
    __asm__ volatile("push {r2}\n"
                     "ldr r11, [r0, %[x]]\n"
                     "ldr lr, [r0, %[x_end]]\n"
                     "ldr r4, [r0, %[skip]]\n"
                     "adr.w r5, 1f\n"
                     "mov r6, #48\n" /* bytes of a block */
                     "mla r4, r4, r6, r5\n"
                     "add r4, #1\n"
                     "mov r12, r1\n"
                     "ldm r12!, {r0, r2}\n"
                     "mov r1, r0\n"
                     "mov r3, r2\n"
                     "bx r4\n"
                     "1:\n"
                     ".rept 8\n"
                     "ldrd r4, r5, [r12], #8\n"
                     "ldm r11!, {r6, r8-r10}\n"
                     "smlad r2, r6, r4, r2\n"
                     "smlad r3, r9, r4, r3\n"
                     "sxtb16 r4, r4\n"
                     "smlad r2, r8, r5, r2\n"
                     "smlad r3, r10, r5, r3\n"
                     "sxtb16 r5, r5\n"
                     "smlad r0, r6, r4, r0\n"
                     "smlad r1, r9, r4, r1\n"
                     "smlad r0, r8, r5, r0\n"
                     "smlad r1, r10, r5, r1\n"
                     ".endr\n"
                     "cmp r11, lr\n"
                     "bne.w 1b\n"
                     "pop {r4}\n"
                     "stm r4, {r0-r3}\n"
                     "mov r1, r12\n"
                     : "+r"(r0), "+r"(r1), "+r"(r2)
                     : [x] "i"(offsetof(mdg_mac, x)), [x_end] "i"(offsetof(mdg_mac, x_end)),
                       [skip] "i"(offsetof(mdg_mac, skip))
                     : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
    return r1;
#else
    sums[0] = sums[1] = *w++;
    sums[2] = sums[3] = *w++;
    for (const uint32_t *x = m->x; x != m->x_end; x += 4, w += 2) {
        for (int32_t i = 0; i < 4; i++) {
            const uint32_t weights = (uint32_t)w[i % 2];
            sums[i / 2] = mdg_smlad(x[i], mdg_sxtb16(weights), sums[i / 2]);
            sums[2 + i / 2] = mdg_smlad(x[i], weights, sums[2 + i / 2]);
        }
    }
    return w;
#endif
}

/* All output channels of `left` pixels, at most two, whose outputs stand behind each other from y on. Where
 * there is no second, the first overwrites it. */
static inline void mdg_mac_two_pixels(const mdg_mac *m, int8_t *y, int32_t out_c, int32_t left) {
    const int32_t second = left > 1 ? out_c : 0, *w = m->w;
    for (int32_t c = 0; c < out_c; c += 2, w += 3) {
        int32_t sums[4];
        if (c == 2 && out_c % 2) c = 1; /* the pairs (0 1) (1 2) (3 4) ... */
        w = mdg_mac_two_sums(m, w, sums);
        const uint32_t p = mdg_mac_pair(m, w, sums[0], sums[2]), q = mdg_mac_pair(m, w, sums[1], sums[3]);
        mdg_mac_put_pair(y + second + c, q);
        mdg_mac_put_pair(y + c, p);
    }
}

#endif
