/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 along a line (depthwise_line_smlad.h) with weights of 4 bits.
 *
 * Stream, for four channels: for each two taps a word, in whose halves the weights of channel 0 stand at the
 * top, those of channel 3 at the bottom | biases | multiplier, offset, shift of each. An odd tap has a second
 * one of zeros. One AND brings a channel's two weights to the tops of the halves: sums are 4096 times as
 * large, and hold 20 bits, which the desktop has seen to.
 */
#include "depthwise_line_smlad.h"

/* x: of the first tap, y: of the second */
static inline void depthwise_line_add4(int32_t *sum, uint32_t x, uint32_t y, uint32_t w) {
    const uint32_t low = mdg_pkhbt(x, y), high = mdg_pkhtb(x, y), mask = 0xF000F000u;
    sum[0] = mdg_smlad(mdg_sxtb16(low), w & mask, sum[0]);
    sum[1] = mdg_smlad(mdg_sxtb16_odd(low), w << 4 & mask, sum[1]);
    sum[2] = mdg_smlad(mdg_sxtb16(high), w << 8 & mask, sum[2]);
    sum[3] = mdg_smlad(mdg_sxtb16_odd(high), w << 12 & mask, sum[3]);
}

/* In C */
static inline void depthwise_line_plain4(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                         int32_t step) {
    int32_t sum[4] = {0, 0, 0, 0};
    for (; taps > 1; taps -= 2, x += 2 * step)
        depthwise_line_add4(sum, mdg_load4(x), mdg_load4(x + step), (uint32_t)*w++);
    if (taps) depthwise_line_add4(sum, mdg_load4(x), 0, (uint32_t)*w++);
    for (int32_t i = 0; i < 4; i++)
        y[i] = mdg_depthwise_line_requantize(mdg_wrapping_add(w[i], sum[i] >> 12), w + 4 + 3 * i);
}

static MDG_NOINLINE void depthwise_line_four4(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                              int32_t step) {
#if defined(__ARM_FEATURE_SIMD32)
    register const int8_t *from __asm__("r0") = x;
    register const int32_t *stream __asm__("r1") = w;
    register int8_t *to __asm__("r2") = y;
    register int32_t left __asm__("r3") = taps;
    register int32_t ahead __asm__("r12") = step;
    __asm__ volatile(MDG_DEPTHWISE_LINE_ASM("mov.w lr, #0xF000F000\n"
                                            "mov.w r4, #0\n"
                                            "mov.w r5, #0\n"
                                            "mov.w r6, #0\n"
                                            "mov.w r8, #0\n",
                                            "ldr r9, [r1], #4\n"
                                            "sxtb16 r2, r11\n"
                                            "and.w r7, lr, r9\n"
                                            "smlad r4, r2, r7, r4\n"
                                            "sxtb16 r11, r11, ror #8\n"
                                            "and.w r7, lr, r9, lsl #4\n"
                                            "smlad r5, r11, r7, r5\n"
                                            "sxtb16 r2, r10\n"
                                            "and.w r7, lr, r9, lsl #8\n"
                                            "smlad r6, r2, r7, r6\n"
                                            "sxtb16 r10, r10, ror #8\n"
                                            "and.w r7, lr, r9, lsl #12\n"
                                            "smlad r8, r10, r7, r8\n",
                                            "ldm r1!, {r9-r11, lr}\n"
                                            "add r4, r9, r4, asr #12\n"
                                            "add r5, r10, r5, asr #12\n"
                                            "add r6, r11, r6, asr #12\n"
                                            "add r8, lr, r8, asr #12\n")
                     : "+r"(from), "+r"(stream), "+r"(to), "+r"(left), "+r"(ahead)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "cc", "memory");
#else
    depthwise_line_plain4(x, w, y, taps, step);
#endif
}

MDG_KERNEL void mdg_depthwise_line_smlad_s8_w4(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise_line_smlad_params *p = (const mdg_depthwise_line_smlad_params *)params;
    mdg_depthwise_line(p, in, out, depthwise_line_four4, 4 + (p->taps + 1) / 2);
}
