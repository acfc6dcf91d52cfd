/* SPDX-License-Identifier: MIT
 *
 * mac4.h: as mac.h, with weights of 4 bits. A word holds four input channels of two output channels, a and b,
 * as bytes a + 16 b, a sum, so that a negative a borrows from b. SXTB16 gives it two at a time, and a's four
 * bits stand at the top of a half after one shift and AND. So
 *
 *     raw += SMLAD(x, SXTB16(w))               = sum x a + 16 sum x b
 *     low += SMLAD(x, w << 12 & 0xF000F000)    = 4096 sum x a, while |sum x a| < 2^19
 *     raw - low / 4096                         = 16 sum x b
 *
 * 19 instructions for 24 products. The stream is that of mac.h, with half as many words of weights, and
 * biases of low and raw that are such sums.
 */
#ifndef MDG_ARMV7EM_MAC4_H
#define MDG_ARMV7EM_MAC4_H

#include "mac.h"

static inline mdg_mac mdg_mac4_start(const uint32_t *panel, const int32_t *stream, int32_t depth,
                                     int32_t out_c, int32_t two_sided) {
    mdg_mac m = mdg_mac_start(panel, stream, depth, out_c, two_sided);
    m.w_end = m.w + (out_c + 1) / 2 * (5 + depth / 4);
    return m;
}

/* All output channels of three pixels, pixel p */
static inline void mdg_mac4_pixel(const mdg_mac *m, int32_t p, int8_t *y) {
    for (const int32_t *w = m->w; w != m->w_end; w += 3, y += 2) {
        int32_t low = *w++, raw = *w++;
        for (const uint32_t *x = m->x + p; x != m->x_end + p; x += 6, w++) {
            const uint32_t word = (uint32_t)*w;
            raw = mdg_smlad(x[0], mdg_sxtb16(word), raw);
            low = mdg_smlad(x[0], word << 12 & 0xF000F000u, low);
            raw = mdg_smlad(x[3], mdg_sxtb16_odd(word), raw);
            low = mdg_smlad(x[3], word << 4 & 0xF000F000u, low);
        }
        const int32_t a = low >> 12;
        const uint32_t b_16 = (uint32_t)raw - (uint32_t)a;
        mdg_mac_put_pair(y, mdg_mac_pair(m, w, a, (int32_t)((uint32_t)a + 16u * b_16)));
    }
}

/* As mdg_mac_run; lr is the mask. long: the inner loop, in assembly */
static MDG_NOINLINE void mdg_mac4_run(const mdg_mac *m) {
#if defined(__ARM_FEATURE_SIMD32)
    register const mdg_mac *r0 __asm__("r0") = m;
    __asm__ volatile(MDG_MAC_ENTER("76") "mov.w lr, #0xF000F000\n" MDG_MAC_PAIR "2:\n"
                                         ".rept 8\n"
                                         "ldr.w r6, [r12], #4\n"
                                         "ldm.w r11!, {r8-r10}\n"
                                         "sxtb16 r7, r6\n"
                                         "smlad r3, r8, r7, r3\n"
                                         "smlad r4, r9, r7, r4\n"
                                         "smlad r5, r10, r7, r5\n"
                                         "and.w r7, lr, r6, lsl #12\n"
                                         "smlad r0, r8, r7, r0\n"
                                         "smlad r1, r9, r7, r1\n"
                                         "smlad r2, r10, r7, r2\n"
                                         "ldm.w r11!, {r8-r10}\n"
                                         "sxtb16 r7, r6, ror #8\n"
                                         "smlad r3, r8, r7, r3\n"
                                         "smlad r4, r9, r7, r4\n"
                                         "smlad r5, r10, r7, r5\n"
                                         "and.w r6, lr, r6, lsl #4\n"
                                         "smlad r0, r8, r6, r0\n"
                                         "smlad r1, r9, r6, r1\n"
                                         "smlad r2, r10, r6, r2\n"
                                         ".endr\n"
                                         "ldr r6, [sp, #32]\n"
                                         "cmp r11, r6\n"
                                         "bne.w 2b\n"
                                         "sub r3, r3, r0, asr #12\n"
                                         "sub r4, r4, r1, asr #12\n"
                                         "sub r5, r5, r2, asr #12\n"
                                         "asr r0, r0, #12\n"
                                         "asr r1, r1, #12\n"
                                         "asr r2, r2, #12\n"
                                         "lsl r3, r3, #4\n"
                                         "lsl r4, r4, #4\n"
                                         "lsl r5, r5, #4\n" MDG_MAC_LEAVE
                     : "+r"(r0)
                     :
                     : MDG_MAC_CLOBBERS);
#else
    mdg_mac4_pixel(m, 2, m->y + m->third);
    mdg_mac4_pixel(m, 1, m->y + m->second);
    mdg_mac4_pixel(m, 0, m->y);
#endif
}

#endif
