/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 along a line, without padding, for few outputs, as when a model streams: four
 * channels and two taps at a time. Taps are tap_step bytes apart, outputs out_step; channels are at least 4.
 *
 * Two words of input, taps t and u, are first sorted by channels, (0t 1t 0u 1u) and (2t 3t 2u 3u), as the
 * weights stand: SXTB16 then makes the two taps of a channel from either.
 *
 * Stream, for four channels: biases | for each two taps two words of weights | multiplier, offset, shift of
 * each. An odd tap has a second one of zeros.
 */
#include "midge/kernel.h"
#include "../../simd32.h"

/* x: of the first tap, y: of the second */
static inline void depthwise_line_add(int32_t *sum, uint32_t x, uint32_t y, const int32_t *w) {
    const uint32_t low = mdg_pkhbt(x, y), high = mdg_pkhtb(x, y);
    sum[0] = mdg_smlad(mdg_sxtb16(low), mdg_sxtb16((uint32_t)w[0]), sum[0]);
    sum[1] = mdg_smlad(mdg_sxtb16_odd(low), mdg_sxtb16_odd((uint32_t)w[0]), sum[1]);
    sum[2] = mdg_smlad(mdg_sxtb16(high), mdg_sxtb16((uint32_t)w[1]), sum[2]);
    sum[3] = mdg_smlad(mdg_sxtb16_odd(high), mdg_sxtb16_odd((uint32_t)w[1]), sum[3]);
}

/* Four channels of one output in C */
static inline void depthwise_line_plain(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                        int32_t step) {
    int32_t sum[4] = {w[0], w[1], w[2], w[3]};
    for (w += 4; taps > 1; taps -= 2, w += 2, x += 2 * step)
        depthwise_line_add(sum, mdg_load4(x), mdg_load4(x + step), w);
    if (taps) {
        depthwise_line_add(sum, mdg_load4(x), 0, w);
        w += 2;
    }
    for (int32_t i = 0; i < 4; i++, w += 3) { /* two-sided (mac.h) */
        const int32_t offset = mdg_wrapping_add(w[1], sum[i] >> 31);
        y[i] = (int8_t)mdg_ssat8(mdg_smmlar(mdg_shift_left(sum[i], 1), w[0], offset) >> w[2]);
    }
}

#define DEPTHWISE_LINE_ADD                                                                                   \
    "ldrd r9, lr, [r1], #8\n"                                                                                \
    "sxtb16 r2, r11\n"                                                                                       \
    "sxtb16 r7, r9\n"                                                                                        \
    "smlad r4, r2, r7, r4\n"                                                                                 \
    "sxtb16 r11, r11, ror #8\n"                                                                              \
    "sxtb16 r9, r9, ror #8\n"                                                                                \
    "smlad r5, r11, r9, r5\n"                                                                                \
    "sxtb16 r2, r10\n"                                                                                       \
    "sxtb16 r7, lr\n"                                                                                        \
    "smlad r6, r2, r7, r6\n"                                                                                 \
    "sxtb16 r10, r10, ror #8\n"                                                                              \
    "sxtb16 lr, lr, ror #8\n"                                                                                \
    "smlad r8, r10, lr, r8\n"

#define DEPTHWISE_LINE_PUT(sum)                                                                              \
    "ldm r1!, {r9-r11}\n"                                                                                    \
    "add r10, r10, " sum ", asr #31\n"                                                                       \
    "lsl " sum ", " sum ", #1\n"                                                                             \
    "smmlar " sum ", " sum ", r9, r10\n"                                                                     \
    "asr " sum ", " sum ", r11\n"                                                                            \
    "ssat " sum ", #8, " sum "\n"                                                                            \
    "strb " sum ", [r2], #1\n"

/* The same. r0 input, r1 stream, r3 taps left less 2, r4-r6 r8 sums, r12 step; y and r7, where code that is
 * not optimised keeps its frame, wait on the stack. long: one piece of assembly */
static MDG_NOINLINE void depthwise_line_four(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps,
                                             int32_t step) {
#if defined(__ARM_FEATURE_SIMD32)
    register const int8_t *from __asm__("r0") = x;
    register const int32_t *stream __asm__("r1") = w;
    register int8_t *to __asm__("r2") = y;
    register int32_t left __asm__("r3") = taps - 2;
    register int32_t ahead __asm__("r12") = step;
    __asm__ volatile("push {r2, r7}\n"
                     "ldm.w r1!, {r4-r6, r8}\n"
                     "cmp r3, #0\n"
                     "blt 2f\n"
                     "1:\n"
                     "ldr r9, [r0]\n"
                     "ldr r10, [r0, r12]\n"
                     "add r0, r0, r12, lsl #1\n"
                     "pkhbt r11, r9, r10, lsl #16\n"
                     "pkhtb r10, r10, r9, asr #16\n" DEPTHWISE_LINE_ADD "subs r3, #2\n"
                     "bge 1b\n"
                     "2:\n"
                     "adds r3, #1\n"
                     "bne 3f\n"
                     "ldr r9, [r0]\n"
                     "uxth r11, r9\n"
                     "lsr r10, r9, #16\n" DEPTHWISE_LINE_ADD "3:\n"
                     "pop {r2, r7}\n" DEPTHWISE_LINE_PUT("r4") DEPTHWISE_LINE_PUT("r5")
                         DEPTHWISE_LINE_PUT("r6") DEPTHWISE_LINE_PUT("r8")
                     : "+r"(from), "+r"(stream), "+r"(to), "+r"(left), "+r"(ahead)
                     :
                     : "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "cc", "memory");
#else
    depthwise_line_plain(x, w, y, taps, step);
#endif
}

MDG_KERNEL void mdg_depthwise_line_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise_line_smlad_params *p = (const mdg_depthwise_line_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [channels] at each tap */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [outputs][channels] */

    for (int32_t c = 0; c < p->channels; c += 4, w += 16 + (p->taps + 1) / 2 * 2) {
        const int32_t first = c + 4 <= p->channels ? c : p->channels - 4;
        for (int32_t o = 0; o < p->outputs; o++)
            depthwise_line_four(x + first + o * p->out_step, w, y + first + o * p->channels, p->taps,
                                p->tap_step);
    }
}
