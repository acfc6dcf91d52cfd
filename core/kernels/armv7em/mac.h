/* SPDX-License-Identifier: MIT
 *
 * mac.h: the matrix core of the convolutions: 3 pixels by all output channels, two channels at a time.
 *
 * Input. Pixels are first spread from int8 to int16 in a panel, word by word: for 4 input channels k and
 * pixels p, q, r the words (p0 p2) (q0 q2) (r0 r2) (p1 p3) (q1 q3) (r1 r3), which is what SXTB16 makes of a
 * loaded word. This is done once for all output channels.
 *
 * Weights. A weight word holds two input channels of two output channels, a and b, as the bytes (a0 b0 a2
 * b2). Its halves are, as they stand, a0 + 256 b0 and a2 + 256 b2 (the desktop has adjusted b for a's sign).
 * So
 *
 *     raw += SMLAD(x, w)             = sum x a + 256 sum x b
 *     low += SMLAD(x, SXTB16(w))     = sum x a
 *     raw - low                      = 256 sum x b, exactly, while |sum x b| < 2^23
 *
 * which saves unpacking b: 17 instructions for 24 products.
 *
 * An odd number of channels makes the pairs (0 1) (1 2) (3 4) ...
 *
 * Stream. A table, then what belongs to a pair of channels, in the order of use:
 *     words of the table, with this one | offset and shift, of each kind there is in the layer | ...
 *     bias of low, of raw | weight words | multiplier of a, of b | where their offsets and shifts stand in
 * the table, in bytes from its begin: two halves Biases contain the input's zero point, offsets the output's
 * and all that rounding needs.
 *
 * Requantisation. One-sided: the clamp removes all negative results (ReLU with zero point -128). Both
 * roundings of mdg_requantize are then additions before one shift: (high word of 2^s sum * multiplier +
 * offset) >> shift. Two-sided: the second rounding needs the sum's sign.
 */
#ifndef MDG_ARMV7EM_MAC_H
#define MDG_ARMV7EM_MAC_H

#include "../../simd32.h"
#include "mac_shift.h"

enum { MDG_MAC_UNROLL = 8 }; /* blocks of 4 input channels in a round of the loop */

/* In the order in which the assembly loads it */
typedef struct mdg_mac {
    const int32_t *w;      /* pairs of the stream */
    int8_t *y;             /* first pixel */
    int32_t second, third; /* distance of the other pixels' outputs; 0 where there is no such pixel */
    const uint32_t *x;     /* panel [depth / 4][2][3] */
    const int32_t *w_end;
    int32_t skip; /* blocks that the first round of the unrolled loop leaves out */
    int32_t two_sided;
    const int32_t *table; /* begin of the stream */
    const uint32_t *x_end;
} mdg_mac;

/* The same for every panel of a layer; depth is a multiple of 4. */
static inline mdg_mac mdg_mac_start(const uint32_t *panel, const int32_t *stream, int32_t depth,
                                    int32_t out_c, int32_t two_sided) {
    mdg_mac m;
    m.y = NULL;
    m.second = 0;
    m.third = 0;
    m.x = panel;
    m.x_end = panel + depth / 4 * 6;
    m.table = stream;
    m.w = stream + stream[0];
    m.w_end = m.w + (out_c + 1) / 2 * (5 + depth / 2);
    m.skip = -(depth / 4) & (MDG_MAC_UNROLL - 1);
    m.two_sided = two_sided;
    return m;
}

/* What mdg_mac_run does, in C: one sum to one output; q: offset and shift */
static inline int32_t mdg_mac_requantize(int32_t sum, int32_t mult, const int32_t *q, int is_b,
                                         int32_t two_sided) {
    if (two_sided)
        return mdg_ssat8(mdg_smmlar(mdg_shift_left(sum, 1), mult, mdg_wrapping_add(q[0], sum >> 31)) >> q[1]);
    if (is_b) return mdg_ssat8(mdg_smmla(mdg_shift_left(sum, 8), mult, q[0]) >> q[1]);
    return mdg_ssat8(mdg_smmla(mdg_shift_left(sum, q[1]), mult, q[0]) >> MDG_MAC_SHIFT);
}

/* Both outputs of a pair, from its sums, as the low two bytes; w: the pair's words behind its weights */
static inline uint32_t mdg_mac_pair(const mdg_mac *m, const int32_t *w, int32_t low, int32_t raw) {
    const int32_t b = (int32_t)((uint32_t)raw - (uint32_t)low) >> 8;
    const int32_t *q_a = m->table + ((uint32_t)w[2] & 0xFFFFu) / 4,
                  *q_b = m->table + ((uint32_t)w[2] >> 16) / 4;
    return ((uint32_t)mdg_mac_requantize(low, w[0], q_a, 0, m->two_sided) & 0xFFu) |
           (uint32_t)mdg_mac_requantize(b, w[1], q_b, 1, m->two_sided) << 8;
}

static inline void mdg_mac_put_pair(int8_t *y, uint32_t pair) {
    const uint16_t half = (uint16_t)pair;
    memcpy(y, &half, sizeof half);
}

/* What surrounds the inner loop of the assembly, at 2, whose blocks take that many bytes. Registers: r0-r2
 * low, r3-r5 raw, r6 r7 weights, r8-r10 pixels, r11 panel, r12 stream, lr the panel's end, which also stands
 * at sp + 32. Saves r7 itself: code that is not optimised keeps its frame there. */
#define MDG_MAC_ENTER(block_bytes)                                                                           \
    "push {r7}\n"                                                                                            \
    "ldm r0, {r4-r12, lr}\n"                                                                                 \
    "adr.w r1, 2f\n"                                                                                         \
    "mov r2, #" block_bytes "\n"                                                                             \
    "mla r10, r10, r2, r1\n"                                                                                 \
    "add r10, #1\n"                                                                                          \
    "adr.w r1, 3f\n"                                                                                         \
    "adr.w r2, 4f\n"                                                                                         \
    "cmp r11, #0\n"                                                                                          \
    "ite eq\n"                                                                                               \
    "addeq r11, r1, #1\n"                                                                                    \
    "addne r11, r2, #1\n"                                                                                    \
    "push {r5-r12, lr}\n" /* y second third x w_end loop requantisation table x_end */

/* A pair begins. */
#define MDG_MAC_PAIR                                                                                         \
    "mov r12, r4\n"                                                                                          \
    "1:\n"                                                                                                   \
    "ldm r12!, {r0, r3}\n"                                                                                   \
    "ldr r11, [sp, #12]\n"                                                                                   \
    "mov r1, r0\n"                                                                                           \
    "mov r2, r0\n"                                                                                           \
    "mov r4, r3\n"                                                                                           \
    "mov r5, r3\n"                                                                                           \
    "ldr pc, [sp, #20]\n"

/* Behind it, with sums of a in r0-r2 and 256 times those of b in r3-r5: both requantisations */
#define MDG_MAC_LEAVE                                                                                        \
    "ldm r12!, {r6-r8}\n" /* multipliers, places */                                                          \
    "ldr r9, [sp, #28]\n"                                                                                    \
    "uxtah r10, r9, r8\n"                                                                                    \
    "ldm r10, {r10, r11}\n" /* offset, shift */                                                              \
    "uxtah r9, r9, r8, ror #16\n"                                                                            \
    "ldr pc, [sp, #24]\n"                                                                                    \
    "3:\n" /* one-sided */                                                                                   \
    "lsl r0, r0, r11\n"                                                                                      \
    "lsl r1, r1, r11\n"                                                                                      \
    "lsl r2, r2, r11\n"                                                                                      \
    "smmla r0, r0, r6, r10\n"                                                                                \
    "smmla r1, r1, r6, r10\n"                                                                                \
    "smmla r2, r2, r6, r10\n"                                                                                \
    "ldm r9, {r10, r11}\n"                                                                                   \
    "smmla r3, r3, r7, r10\n"                                                                                \
    "smmla r4, r4, r7, r10\n"                                                                                \
    "smmla r5, r5, r7, r10\n"                                                                                \
    "asr r3, r3, r11\n"                                                                                      \
    "asr r4, r4, r11\n"                                                                                      \
    "asr r5, r5, r11\n"                                                                                      \
    "ssat r0, #8, r0, asr #14\n"                                                                             \
    "ssat r1, #8, r1, asr #14\n"                                                                             \
    "ssat r2, #8, r2, asr #14\n"                                                                             \
    "5:\n"                                                                                                   \
    "ssat r3, #8, r3\n"                                                                                      \
    "ssat r4, #8, r4\n"                                                                                      \
    "ssat r5, #8, r5\n"                                                                                      \
    "ldm sp, {r6-r8}\n" /* y second third */                                                                 \
    "bfi r0, r3, #8, #8\n"                                                                                   \
    "bfi r1, r4, #8, #8\n"                                                                                   \
    "bfi r2, r5, #8, #8\n"                                                                                   \
    "strh r2, [r6, r8]\n"                                                                                    \
    "strh r1, [r6, r7]\n"                                                                                    \
    "strh r0, [r6], #2\n"                                                                                    \
    "ldr r7, [sp, #16]\n"                                                                                    \
    "str r6, [sp]\n"                                                                                         \
    "cmp r12, r7\n"                                                                                          \
    "bne.w 1b\n"                                                                                             \
    "b 6f\n"                                                                                                 \
    "4:\n" /* two-sided */                                                                                   \
    "lsl r0, r0, #1\n"                                                                                       \
    "lsl r1, r1, #1\n"                                                                                       \
    "lsl r2, r2, #1\n"                                                                                       \
    "add r8, r10, r0, asr #31\n"                                                                             \
    "smmlar r0, r0, r6, r8\n"                                                                                \
    "add r8, r10, r1, asr #31\n"                                                                             \
    "smmlar r1, r1, r6, r8\n"                                                                                \
    "add r8, r10, r2, asr #31\n"                                                                             \
    "smmlar r2, r2, r6, r8\n"                                                                                \
    "asr r0, r0, r11\n"                                                                                      \
    "asr r1, r1, r11\n"                                                                                      \
    "asr r2, r2, r11\n"                                                                                      \
    "ldm r9, {r10, r11}\n"                                                                                   \
    "asr r3, r3, #7\n"                                                                                       \
    "asr r4, r4, #7\n"                                                                                       \
    "asr r5, r5, #7\n"                                                                                       \
    "add r8, r10, r3, asr #31\n"                                                                             \
    "smmlar r3, r3, r7, r8\n"                                                                                \
    "add r8, r10, r4, asr #31\n"                                                                             \
    "smmlar r4, r4, r7, r8\n"                                                                                \
    "add r8, r10, r5, asr #31\n"                                                                             \
    "smmlar r5, r5, r7, r8\n"                                                                                \
    "asr r3, r3, r11\n"                                                                                      \
    "asr r4, r4, r11\n"                                                                                      \
    "asr r5, r5, r11\n"                                                                                      \
    "ssat r0, #8, r0\n"                                                                                      \
    "ssat r1, #8, r1\n"                                                                                      \
    "ssat r2, #8, r2\n"                                                                                      \
    "b 5b\n"                                                                                                 \
    "6:\n"                                                                                                   \
    "add sp, #36\n"                                                                                          \
    "pop {r7}\n"
#define MDG_MAC_CLOBBERS                                                                                     \
    "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory"

/* Runs the stream over the panel. Writes an even number of channels. Pixels are written last to first, so
 * that one at distance 0 is overwritten by the first. */
typedef void mdg_mac_fn(const mdg_mac *m);

/* Weights of 8 bits or of 4 (mac4.h) */
typedef struct mdg_mac_core {
    mdg_mac (*start)(const uint32_t *panel, const int32_t *stream, int32_t depth, int32_t out_c,
                     int32_t two_sided);
    mdg_mac_fn *run;
} mdg_mac_core;

/* The same for `left` pixels, at most 3, whose outputs stand behind each other from y on. Of an odd number of
 * channels the second belongs to the first two pairs. run: the core's */
static inline void mdg_mac_pixels(mdg_mac *m, mdg_mac_fn *run, int8_t *y, int32_t out_c, int32_t left) {
    m->y = y;
    m->second = left > 1 ? out_c : 0;
    m->third = left > 2 ? 2 * out_c : 0;
    if (out_c % 2) {
        mdg_mac first = *m;
        first.w_end = m->w + (m->w_end - m->w) / ((out_c + 1) / 2);
        run(&first);
        mdg_mac rest = *m;
        rest.w = first.w_end;
        rest.y++;
        run(&rest);
    } else {
        run(m);
    }
}

#endif
