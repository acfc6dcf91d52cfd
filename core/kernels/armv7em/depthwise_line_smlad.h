/* SPDX-License-Identifier: MIT
 *
 * depthwise_line_smlad.h: DEPTHWISE_CONV_2D on int8 along a line, without padding, for few outputs, as when a
 * model streams: four channels and two taps at a time. Taps are tap_step bytes apart, outputs out_step;
 * channels are at least 4.
 *
 * Two words of input, taps t and u, are first sorted by channels, (0t 1t 0u 1u) and (2t 3t 2u 3u): SXTB16
 * then makes the two taps of a channel from either.
 */
#ifndef MDG_ARMV7EM_DEPTHWISE_LINE_SMLAD_H
#define MDG_ARMV7EM_DEPTHWISE_LINE_SMLAD_H

#include "midge/kernel.h"
#include "../../simd32.h"

/* Four channels of one output; w: their stream */
typedef void mdg_depthwise_line_fn(const int8_t *x, const int32_t *w, int8_t *y, int32_t taps, int32_t step);

/* One channel, two-sided (mac.h); q: multiplier, offset, shift */
static inline int8_t mdg_depthwise_line_requantize(int32_t sum, const int32_t *q) {
    const int32_t offset = mdg_wrapping_add(q[1], sum >> 31);
    return (int8_t)mdg_ssat8(mdg_smmlar(mdg_shift_left(sum, 1), q[0], offset) >> q[2]);
}

#define MDG_DEPTHWISE_LINE_PUT(sum)                                                                          \
    "ldm r1!, {r9-r11}\n"                                                                                    \
    "add r10, r10, " sum ", asr #31\n"                                                                       \
    "lsl " sum ", " sum ", #1\n"                                                                             \
    "smmlar " sum ", " sum ", r9, r10\n"                                                                     \
    "asr " sum ", " sum ", r11\n"                                                                            \
    "ssat " sum ", #8, " sum "\n"                                                                            \
    "strb " sum ", [r2], #1\n"

/* Four channels of one output. r0 input, r1 stream, r2 output, r3 taps, r4-r6 r8 sums, r12 step; y and r7,
 * where code that is not optimised keeps its frame, wait on the stack. `start` sets the sums; `add` adds the
 * products of the sorted words in r11 and r10, and may use r2, r7, r9, lr; `end` ends the sums. */
#define MDG_DEPTHWISE_LINE_ASM(start, add, end)                                                              \
    "push {r2, r7}\n"                                                                                        \
    "subs r3, #2\n" start "blt 2f\n"                                                                         \
    "1:\n"                                                                                                   \
    "ldr r9, [r0]\n"                                                                                         \
    "ldr r10, [r0, r12]\n"                                                                                   \
    "add r0, r0, r12, lsl #1\n"                                                                              \
    "pkhbt r11, r9, r10, lsl #16\n"                                                                          \
    "pkhtb r10, r10, r9, asr #16\n" add "subs r3, #2\n"                                                      \
    "bge 1b\n"                                                                                               \
    "2:\n"                                                                                                   \
    "adds r3, #1\n"                                                                                          \
    "bne 3f\n"                                                                                               \
    "ldr r9, [r0]\n"                                                                                         \
    "uxth r11, r9\n"                                                                                         \
    "lsr r10, r9, #16\n" add "3:\n" end "pop {r2, r7}\n" MDG_DEPTHWISE_LINE_PUT("r4")                        \
        MDG_DEPTHWISE_LINE_PUT("r5") MDG_DEPTHWISE_LINE_PUT("r6") MDG_DEPTHWISE_LINE_PUT("r8")

/* words: of a group's stream besides 12 of factors */
static inline void mdg_depthwise_line(const mdg_depthwise_line_smlad_params *p, const void *const *in,
                                      void *const *out, mdg_depthwise_line_fn *four, int32_t words) {
    const int8_t *x = (const int8_t *)in[0];   /* [channels] at each tap */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [outputs][channels] */

    for (int32_t c = 0; c < p->channels; c += 4, w += 12 + words) {
        const int32_t first = c + 4 <= p->channels ? c : p->channels - 4;
        for (int32_t o = 0; o < p->outputs; o++)
            four(x + first + o * p->out_step, w, y + first + o * p->channels, p->taps, p->tap_step);
    }
}

#endif
