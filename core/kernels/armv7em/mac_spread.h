/* SPDX-License-Identifier: MIT
 *
 * mac_spread.h: pixels to the panel of the matrix core (mac.h).
 */
#ifndef MDG_ARMV7EM_MAC_SPREAD_H
#define MDG_ARMV7EM_MAC_SPREAD_H

#include "../../simd32.h"

/* Spreads `blocks` words of each of three pixels to a panel; returns its end. */
static MDG_NOINLINE uint32_t *mdg_mac_spread(uint32_t *panel, const int8_t *const x[3], int32_t blocks) {
#if defined(__ARM_FEATURE_SIMD32)
    register uint32_t *to __asm__("r0") = panel;
    register const int8_t *const *from __asm__("r1") = x;
    register int32_t count __asm__("r2") = blocks;
    __asm__ volatile("ldm r1, {r1, r3, r12}\n"
                     "1:\n"
                     "ldr r8, [r1], #4\n"
                     "ldr r9, [r3], #4\n"
                     "ldr r10, [r12], #4\n"
                     "sxtb16 r4, r8\n"
                     "sxtb16 r5, r9\n"
                     "sxtb16 r6, r10\n"
                     "sxtb16 r8, r8, ror #8\n"
                     "sxtb16 r9, r9, ror #8\n"
                     "sxtb16 r10, r10, ror #8\n"
                     "subs r2, #1\n"
                     "stm r0!, {r4-r6, r8-r10}\n"
                     "bne 1b\n"
                     : "+r"(to), "+r"(from), "+r"(count)
                     :
                     : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "cc", "memory");
    return to;
#else
    for (int32_t i = 0; i < blocks; i++, panel += 6) {
        for (int32_t p = 0; p < 3; p++) {
            const uint32_t word = mdg_load4(x[p] + 4 * i);
            panel[p] = mdg_sxtb16(word);
            panel[p + 3] = mdg_sxtb16_odd(word);
        }
    }
    return panel;
#endif
}

#endif
