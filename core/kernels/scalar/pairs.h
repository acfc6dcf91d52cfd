/* SPDX-License-Identifier: MIT
 *
 * pairs.h: the matrix core of the convolutions for processors without SIMD: 4 pixels by all output channels,
 * two pixels a multiplication.
 *
 * Panel. For each tap (input channel of a place of the window) two words, p + 65536 q of the pixels 0 and 1,
 * and of 2 and 3. A word times a weight w is p w + 65536 q w, and sums of such products are A + 65536 B
 * modulo 2^32. As long as A and B have 16 bits, which the weights alone decide, they can be told apart. So
 * the taps of a channel come in groups that keep within that; after each
 *
 *     sum  += group                               modulo 2^32
 *     high += (group + 32768) >> 16               = B of the group
 *
 * and in the end B = high, A = sum - 65536 high, exactly.
 *
 * Weights. [blocks of 8 channels][depth][8]: a tap's weight of a channel stands 8 bytes behind that of the
 * tap before, as do the panel's words, so one index serves both.
 *
 * Factors, for each channel: bias (which contains the input's zero point) | multiplier, split: upper 20 bits
 * M, and the rest m in 12, signed: multiplier = 2048 M + m | offset + shift, the latter in the low byte.
 *
 * Requantisation. With X = 2048 h + l, X * multiplier >> 22 = h M + ((l M + (X m >> 11)) >> 11), in 32 bits
 * for |X| < 2^21. Both roundings of mdg_requantize are additions before one shift, if the result is not
 * negative; if it is, the second takes one unit less.
 */
#ifndef MDG_SCALAR_PAIRS_H
#define MDG_SCALAR_PAIRS_H

#include "../../simd32.h"
#include "pairs_groups.h"

enum { MDG_PAIRS_LANES = 8 }; /* channels whose weights of a tap are neighbours */

/* A run over all channels, which uses it up; the assembly knows where fields stand. */
typedef struct mdg_pairs {
    const uint32_t *panel;  /* [depth][2] */
    const int8_t *w;        /* of the channel's first tap */
    const uint8_t *groups;  /* of the channel */
    const int32_t *factors; /* of the channel */
    int8_t *y;              /* [4][out_c], first pixel */
    int32_t channel, out_c;
    int32_t block;     /* bytes from a block of weights to the next, less the lanes */
    int32_t two_sided; /* 0: the clamp removes negative results, ReLU with zero point -128 */
} mdg_pairs;

/* Wraps around where factors are hostile. */
static inline int8_t mdg_pairs_requantize(int32_t sum, const int32_t *factors, int32_t two_sided) {
    const int32_t upper = (int32_t)((uint32_t)factors[1] >> 12);
    const int32_t lower = (int32_t)((uint32_t)factors[1] << 20) >> 20;
    const int32_t shift = factors[2] & 255;
    const int32_t offset = mdg_wrapping_sub(factors[2], shift);
    const int32_t below =
        mdg_wrapping_add(mdg_wrapping_mul(sum & 2047, upper), mdg_wrapping_mul(sum, lower) >> 11);
    const int32_t scaled = mdg_wrapping_add(mdg_wrapping_mul(sum >> 11, upper), below >> 11);
    const int32_t sign = two_sided && sum < 0 ? -512 : 0;
    const int32_t y = mdg_wrapping_add(mdg_wrapping_add(scaled, sign), offset) >> shift;
    return (int8_t)(mdg_clamp(y, 0, 255) - 128);
}

/* One group of taps of two pixels */
static inline void mdg_pairs_add(const uint32_t *x, const int8_t *w, int32_t taps, uint32_t *sum,
                                 uint32_t *high) {
    uint32_t group = 0;
    for (int32_t i = 0; i < taps; i++, x += 2, w += MDG_PAIRS_LANES) {
        const int32_t weight = *w;
        group += *x * (uint32_t)weight;
    }
    *sum += group;
    *high += (uint32_t)((int32_t)(group + 32768u) >> 16);
}

/* Four outputs of one channel; returns the groups of the next. */
static inline const uint8_t *mdg_pairs_channel(const mdg_pairs *m) {
    const uint32_t bias = (uint32_t)m->factors[0], *x = m->panel;
    uint32_t sum[2] = {bias * 65537u, bias * 65537u}, high[2] = {bias, bias};
    const uint8_t *group = m->groups;
    const int8_t *w = m->w;
    for (int is_last = 0; !is_last; group++) {
        const int32_t taps = mdg_pairs_taps(*group);
        is_last = mdg_pairs_is_last(*group);
        for (int32_t i = 0; i < 2; i++) mdg_pairs_add(x + i, w, taps, &sum[i], &high[i]);
        x += 2 * taps;
        w += MDG_PAIRS_LANES * taps;
    }
    for (int32_t i = 0; i < 2; i++) {
        const int32_t first = (int32_t)(sum[i] - (high[i] << 16)), second = (int32_t)high[i];
        m->y[2 * i * m->out_c] = mdg_pairs_requantize(first, m->factors, m->two_sided);
        m->y[(2 * i + 1) * m->out_c] = mdg_pairs_requantize(second, m->factors, m->two_sided);
    }
    return group;
}

/* Assembly for ARMv6-M. One output: the sum in r0, the rest of the multiplier in r3, its upper bits in r6,
 * shift in r5, offset in r8; `sign` is what comes before the sum's halves are used up. */
#define MDG_PAIRS_OUTPUT(sign)                                                                               \
    "lsls r1, r0, #21\n"                                                                                     \
    "lsrs r1, r1, #21\n"                                                                                     \
    "muls r1, r6, r1\n"                                                                                      \
    "movs r2, r0\n"                                                                                          \
    "muls r2, r3, r2\n"                                                                                      \
    "asrs r2, r2, #11\n"                                                                                     \
    "adds r1, r1, r2\n"                                                                                      \
    "asrs r1, r1, #11\n" sign "asrs r0, r0, #11\n"                                                           \
    "muls r0, r6, r0\n"                                                                                      \
    "adds r0, r0, r1\n"                                                                                      \
    "add r0, r8\n"                                                                                           \
    "asrs r0, r5\n"                                                                                          \
    "cmp r0, #255\n"                                                                                         \
    "bls 9f\n"                                                                                               \
    "mvns r0, r0\n"                                                                                          \
    "asrs r0, r0, #31\n"                                                                                     \
    "9:\n"                                                                                                   \
    "subs r0, #128\n"                                                                                        \
    "strb r0, [r7]\n"

/* Four outputs of a channel, from the sums in r8 and r9 and their upper halves in r10 and r11; the offset
 * comes in r4.
 */
#define MDG_PAIRS_OUTPUTS(sign)                                                                              \
    "mov r0, r8\n"                                                                                           \
    "mov r1, r10\n"                                                                                          \
    "lsls r1, r1, #16\n"                                                                                     \
    "subs r0, r0, r1\n"                                                                                      \
    "mov r8, r4\n" MDG_PAIRS_OUTPUT(sign) "add r7, lr\n"                                                     \
                                          "mov r0, r10\n" MDG_PAIRS_OUTPUT(                                  \
                                              sign) "add r7, lr\n"                                           \
                                                    "mov r0, r9\n"                                           \
                                                    "mov r1, r11\n"                                          \
                                                    "lsls r1, r1, #16\n"                                     \
                                                    "subs r0, r0, r1\n" MDG_PAIRS_OUTPUT(                    \
                                                        sign) "add r7, lr\n"                                 \
                                                              "mov r0, r11\n" MDG_PAIRS_OUTPUT(sign)

/* A tap beyond the first of a group, and the end of a group: 12 and 16 bytes, which pairs_groups.h knows */
#define MDG_PAIRS_TAPS(n)                                                                                    \
    ".rept " #n "\n"                                                                                         \
    "ldmia r0!, {r3, r4}\n"                                                                                  \
    "ldrsb r2, [r0, r1]\n"                                                                                   \
    "muls r3, r2, r3\n"                                                                                      \
    "muls r4, r2, r4\n"                                                                                      \
    "adds r5, r5, r3\n"                                                                                      \
    "adds r6, r6, r4\n"                                                                                      \
    ".endr\n"

#define MDG_PAIRS_FLUSH                                                                                      \
    "add r8, r5\n"                                                                                           \
    "add r5, r12\n"                                                                                          \
    "asrs r5, r5, #16\n"                                                                                     \
    "add r10, r5\n"                                                                                          \
    "add r9, r6\n"                                                                                           \
    "add r6, r12\n"                                                                                          \
    "asrs r6, r6, #16\n"                                                                                     \
    "add r11, r6\n"

/* All channels of four pixels. Registers of the inner loop: r0 panel, r1 distance from there to the weights,
 * r2 weight, r3 r4 products, r5 r6 groups, r7 lengths of groups, r8 r9 sums, r10 r11 their upper halves, r12
 * 32768. long: the loop over channels, in assembly */
static MDG_NOINLINE void mdg_pairs_run(mdg_pairs *m) {
#if defined(__ARM_ARCH_6M__)
    register mdg_pairs *r0 __asm__("r0") = m;
    __asm__ volatile(
        ".syntax unified\n"
        "push {r0, r7}\n"
        "movs r4, #128\n"
        "lsls r4, r4, #8\n"
        "mov r12, r4\n"
        "1:\n" /* a channel */
        "ldr r4, [sp]\n"
        "ldmia r4!, {r0, r1, r2, r3}\n" /* panel w groups factors */
        "subs r1, r1, r0\n"
        "subs r1, #8\n"
        "movs r7, r2\n"
        "ldr r5, [r3]\n"
        "mov r10, r5\n"
        "mov r11, r5\n"
        "lsls r6, r5, #16\n"
        "adds r5, r5, r6\n"
        "mov r8, r5\n"
        "mov r9, r5\n"
        "2:\n" /* a group */
        "ldmia r0!, {r5, r6}\n"
        "ldrsb r2, [r0, r1]\n"
        "muls r5, r2, r5\n"
        "muls r6, r2, r6\n"
        "ldrb r2, [r7]\n"
        "adds r7, #1\n"
        "add pc, r2\n"
        "nop\n" MDG_PAIRS_TAPS(15) MDG_PAIRS_FLUSH "b 2b\n" MDG_PAIRS_TAPS(3)
            MDG_PAIRS_FLUSH /* the last group */
        "ldr r0, [sp]\n"
        "str r7, [r0, #8]\n"
        "ldr r2, [r0, #12]\n"
        "ldmia r2!, {r3, r4, r5}\n"
        "str r2, [r0, #12]\n"
        "lsrs r6, r4, #12\n"
        "lsls r3, r4, #20\n"
        "asrs r3, r3, #20\n"
        "uxtb r2, r5\n"
        "subs r4, r5, r2\n"
        "movs r5, r2\n"
        "ldr r7, [r0, #16]\n"
        "ldr r1, [r0, #24]\n"
        "mov lr, r1\n"
        "ldr r1, [r0, #32]\n"
        "cmp r1, #0\n"
        "bne 3f\n" MDG_PAIRS_OUTPUTS("") "b 4f\n"
                                         "3:\n" MDG_PAIRS_OUTPUTS("asrs r2, r0, #31\n"
                                                                  "lsls r2, r2, #9\n"
                                                                  "adds r1, r1, r2\n") "4:\n"
                                                                                       "ldr r4, [sp]\n"
                                                                                       "ldr r5, [r4, #16]\n"
                                                                                       "adds r5, #1\n"
                                                                                       "str r5, [r4, #16]\n"
                                                                                       "ldr r1, [r4, #4]\n"
                                                                                       "adds r1, #1\n"
                                                                                       "ldr r2, [r4, #20]\n"
                                                                                       "adds r2, #1\n"
                                                                                       "str r2, [r4, #20]\n"
                                                                                       "lsls r3, r2, #29\n"
                                                                                       "bne 5f\n"
                                                                                       "ldr r3, [r4, #28]\n"
                                                                                       "adds r1, r1, r3\n"
                                                                                       "5:\n"
                                                                                       "str r1, [r4, #4]\n"
                                                                                       "ldr r3, [r4, #24]\n"
                                                                                       "cmp r2, r3\n"
                                                                                       "beq 6f\n"
                                                                                       "b 1b\n"
                                                                                       "6:\n"
                                                                                       "pop {r0, r7}\n"
        : "+r"(r0)
        :
        : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc", "memory");
#else
    while (m->channel < m->out_c) {
        m->groups = mdg_pairs_channel(m);
        m->factors += 3;
        m->y++;
        m->w++;
        if (++m->channel % MDG_PAIRS_LANES == 0) m->w += m->block;
    }
#endif
}

/* Before every panel of a layer; in: weights, groups, factors from 1 on */
static inline void mdg_pairs_start(mdg_pairs *m, const void *const *in, int32_t depth, int32_t out_c,
                                   int32_t two_sided) {
    m->w = (const int8_t *)in[1];
    m->groups = (const uint8_t *)in[2];
    m->factors = (const int32_t *)in[3];
    m->channel = 0;
    m->out_c = out_c;
    m->block = MDG_PAIRS_LANES * (depth - 1);
    m->two_sided = two_sided;
}

/* Four pixels' channels to y, of which `left` exist, or more; `rest` holds [4][out_c]. */
static inline void mdg_pairs_pixels(mdg_pairs *m, int8_t *y, int8_t *rest, int32_t left) {
    m->y = left < 4 ? rest : y;
    mdg_pairs_run(m);
    if (left < 4) memcpy(y, rest, (size_t)(left * m->out_c));
}

/* Spreads n values of each of four pixels to a panel; returns its end. */
static inline uint32_t *mdg_pairs_spread(uint32_t *panel, const int8_t *const x[4], int32_t n) {
    const int8_t *a = x[0], *b = x[1], *c = x[2], *d = x[3];
    for (int32_t i = 0; i < n; i++, panel += 2) {
        panel[0] = (uint32_t)a[i] + ((uint32_t)b[i] << 16);
        panel[1] = (uint32_t)c[i] + ((uint32_t)d[i] << 16);
    }
    return panel;
}

#endif
