/* SPDX-License-Identifier: MIT
 *
 * mac8.h: the inner loop of mac.h for weights of 8 bits.
 */
#ifndef MDG_ARMV7EM_MAC8_H
#define MDG_ARMV7EM_MAC8_H

#include "mac.h"

/* All output channels of three pixels, pixel p */
static inline void mdg_mac_pixel(const mdg_mac *m, int32_t p, int8_t *y) {
    for (const int32_t *w = m->w; w != m->w_end; w += 3) {
        int32_t low = *w++, raw = *w++;
        for (const uint32_t *x = m->x + p; x != m->x_end + p; x += 3, w++) {
            raw = mdg_smlad(*x, (uint32_t)*w, raw);
            low = mdg_smlad(*x, mdg_sxtb16((uint32_t)*w), low);
        }
        mdg_mac_put_pair(y, mdg_mac_pair(m, w, low, raw));
        y += 2;
    }
}

/* As mac.h has it. long: the inner loop, in assembly */
static MDG_NOINLINE void mdg_mac_run(const mdg_mac *m) {
#if defined(__ARM_FEATURE_SIMD32)
    register const mdg_mac *r0 __asm__("r0") = m;
    __asm__ volatile(MDG_MAC_ENTER("68") MDG_MAC_PAIR "2:\n"
                                                      ".rept 8\n"
                                                      "ldrd r6, r7, [r12], #8\n"
                                                      "ldm r11!, {r8-r10}\n"
                                                      "smlad r3, r8, r6, r3\n"
                                                      "smlad r4, r9, r6, r4\n"
                                                      "smlad r5, r10, r6, r5\n"
                                                      "sxtb16 r6, r6\n"
                                                      "smlad r0, r8, r6, r0\n"
                                                      "smlad r1, r9, r6, r1\n"
                                                      "smlad r2, r10, r6, r2\n"
                                                      "ldm r11!, {r8-r10}\n"
                                                      "smlad r3, r8, r7, r3\n"
                                                      "smlad r4, r9, r7, r4\n"
                                                      "smlad r5, r10, r7, r5\n"
                                                      "sxtb16 r7, r7\n"
                                                      "smlad r0, r8, r7, r0\n"
                                                      "smlad r1, r9, r7, r1\n"
                                                      "smlad r2, r10, r7, r2\n"
                                                      ".endr\n"
                                                      "cmp r11, lr\n"
                                                      "bne.w 2b\n"
                                                      "sub r3, r3, r0\n"
                                                      "sub r4, r4, r1\n"
                                                      "sub r5, r5, r2\n" MDG_MAC_LEAVE
                     : "+r"(r0)
                     :
                     : MDG_MAC_CLOBBERS);
#else
    mdg_mac_pixel(m, 2, m->y + m->third);
    mdg_mac_pixel(m, 1, m->y + m->second);
    mdg_mac_pixel(m, 0, m->y);
#endif
}

#endif
