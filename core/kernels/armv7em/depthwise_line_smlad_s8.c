/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 along a line (depthwise_line_smlad.h).
 *
 * Stream, for four channels: biases | for each two taps two words of weights, as the input is sorted |
 * multiplier, offset, shift of each. An odd tap has a second one of zeros.
 */
#include "depthwise_line_smlad.h"

/* x: of the first tap, y: of the second */
static inline void depthwise_line_add(int32_t *sum, uint32_t x, uint32_t y, const int32_t *w) {
    const uint32_t low = mdg_pkhbt(x, y), high = mdg_pkhtb(x, y);
    sum[0] = mdg_smlad(mdg_sxtb16(low), mdg_sxtb16((uint32_t)w[0]), sum[0]);
    sum[1] = mdg_smlad(mdg_sxtb16_odd(low), mdg_sxtb16_odd((uint32_t)w[0]), sum[1]);
    sum[2] = mdg_smlad(mdg_sxtb16(high), mdg_sxtb16((uint32_t)w[1]), sum[2]);
    sum[3] = mdg_smlad(mdg_sxtb16_odd(high), mdg_sxtb16_odd((uint32_t)w[1]), sum[3]);
}

/* In C */
static inline void depthwise_line_plain(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                        int32_t step) {
    int32_t sum[4] = {w[0], w[1], w[2], w[3]};
    for (w += 4; taps > 1; taps -= 2, w += 2, x += 2 * step)
        depthwise_line_add(sum, mdg_load4(x), mdg_load4(x + step), w);
    if (taps) {
        depthwise_line_add(sum, mdg_load4(x), 0, w);
        w += 2;
    }
    for (int32_t i = 0; i < 4; i++, w += 3) y[i] = mdg_depthwise_line_requantize(sum[i], w);
}

static MDG_NOINLINE void depthwise_line_four(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                             int32_t step) {
#if defined(__ARM_FEATURE_SIMD32)
    register const int8_t *from __asm__("r0") = x;
    register const int32_t *stream __asm__("r1") = w;
    register int8_t *to __asm__("r2") = y;
    register int32_t left __asm__("r3") = taps;
    register int32_t ahead __asm__("r12") = step;
    __asm__ volatile(MDG_DEPTHWISE_LINE_ASM("ldm.w r1!, {r4-r6, r8}\n",
                                            "ldrd r9, lr, [r1], #8\n"
                                            "sxtb16 r2, r11\n"
                                            "sxtb16 r7, r9\n"
                                            "smlad r4, r2, r7, r4\n"
                                            "sxtb16 r11, r11, ror #8\n"
                                            "sxtb16 r9, r9, ror #8\n"
                                            "smlad r5, r11, r9, r5\n"
                                            "sxtb16 r2, r10\n"
                                            "sxtb16 r7, lr\n"
                                            "smlad r6, r2, r7, r6\n"
                                            "sxtb16 r10, r10, ror #8\n"
                                            "sxtb16 lr, lr, ror #8\n"
                                            "smlad r8, r10, lr, r8\n",
                                            "")
                     : "+r"(from), "+r"(stream), "+r"(to), "+r"(left), "+r"(ahead)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "cc", "memory");
#else
    depthwise_line_plain(x, w, y, taps, step);
#endif
}

MDG_KERNEL void mdg_depthwise_line_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise_line_smlad_params *p = (const mdg_depthwise_line_smlad_params *)params;
    mdg_depthwise_line(p, in, out, depthwise_line_four, 4 + (p->taps + 1) / 2 * 2);
}
