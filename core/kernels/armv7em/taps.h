/* SPDX-License-Identifier: MIT
 *
 * taps.h: a depthwise convolution along one row of a plane (depthwise_planes.h), two outputs at a time, for
 * kernel rows of up to 15 taps. The second output begins `stride` elements behind the first: stride / 2
 * words, and where the stride is odd in the middle of a word. Then its weights stand one place further:
 *
 *     first   (x0 x1) (w0 w1) + (x2 x3) (w2  0)
 *     second  (x0 x1) ( 0 w0) + (x2 x3) (w1 w2)
 *
 * Weights and bias stand twice as large, as two-sided requantisation (mac.h) takes sums.
 */
#ifndef MDG_ARMV7EM_TAPS_H
#define MDG_ARMV7EM_TAPS_H

#include "../../simd32.h"

enum { MDG_TAPS_WORDS = 8 }; /* of a kernel row */

/* The assembly knows where each field stands. */
typedef struct mdg_taps {
    int32_t bias[2];       /* 0: the same, twice */
    int32_t mult, offset;  /* 8 */
    int32_t shift;         /* 16 */
    int32_t y_second;      /* 20: from the first output to the second; 0 where there is none */
    const uint32_t *x;     /* 24: of the first output; moves on */
    int32_t pair_bytes;    /* 28: from pair to pair */
    const uint32_t *x_end; /* 32: of the pair behind the last */
    const uint32_t *w;     /* 36: [kernel rows][words][2]: of the first output, of the second */
    int32_t kernel_rows;   /* 40 */
    int32_t skip;          /* 44: words of the unrolled row that are not there */
    int32_t row_back;      /* 48: bytes from behind a kernel row's input to that of the next */
    int8_t *y;             /* 52: moves on */
    int32_t second;        /* 56: bytes from the first output's input to that of the second */
} mdg_taps;

static inline void mdg_taps_put(const mdg_taps *q, int32_t sum, int8_t *y) {
    const int32_t offset = mdg_wrapping_add(q->offset, sum >> 31);
    *y = (int8_t)mdg_ssat8(mdg_smmlar(sum, q->mult, offset) >> q->shift);
}

/* One output in C; which: 0 the first of a pair, 1 the second */
static inline int32_t mdg_taps_sum(const mdg_taps *q, const uint32_t *x, int32_t which) {
    const uint32_t *w = q->w + which;
    int32_t sum = q->bias[which];
    for (int32_t rows = q->kernel_rows; rows > 0; rows--, x += q->row_back / 4)
        for (int32_t i = q->skip; i < MDG_TAPS_WORDS; i++, x++, w += 2) sum = mdg_smlad(*x, *w, sum);
    return sum;
}

/* All pairs in C */
static inline void mdg_taps_pairs(mdg_taps *q) {
    for (; q->x != q->x_end; q->x += q->pair_bytes / 4, q->y += 2 * q->y_second) {
        mdg_taps_put(q, mdg_taps_sum(q, q->x + q->second / 4, 1), q->y + q->y_second);
        mdg_taps_put(q, mdg_taps_sum(q, q->x, 0), q->y);
    }
}

/* Assembly that all strides share: `step` is the text, and step_bytes the size, of what a word takes. r0 r1
 * sums, r2 input, r3 weights, r8 rows left, r9 q, r10 row_back, r11 second, r12 output, lr the first word's
 * code. r7 is saved by hand, since code that is not optimised keeps its frame there. */
#define MDG_TAPS_ASM(step, step_bytes)                                                                       \
    "push {r7}\n"                                                                                            \
    "mov r9, r0\n"                                                                                           \
    "ldrd r1, r10, [r9, #44]\n"                                                                              \
    "ldrd r12, r11, [r9, #52]\n"                                                                             \
    "ldr r2, [r9, #24]\n"                                                                                    \
    "adr.w lr, 2f\n"                                                                                         \
    "mov r3, #" #step_bytes "\n"                                                                             \
    "mla lr, r1, r3, lr\n"                                                                                   \
    "add lr, #1\n"                                                                                           \
    "1:\n"                                                                                                   \
    "ldrd r0, r1, [r9]\n"                                                                                    \
    "ldrd r3, r8, [r9, #36]\n"                                                                               \
    "bx lr\n"                                                                                                \
    "2:\n"                                                                                                   \
    ".rept 8\n" step ".endr\n"                                                                               \
    "add r2, r2, r10\n"                                                                                      \
    "subs r8, #1\n"                                                                                          \
    "beq 3f\n"                                                                                               \
    "bx lr\n"                                                                                                \
    "3:\n"                                                                                                   \
    "ldrd r4, r5, [r9, #8]\n"                                                                                \
    "ldrd r6, r7, [r9, #16]\n"                                                                               \
    "add r8, r5, r0, asr #31\n"                                                                              \
    "smmlar r0, r0, r4, r8\n"                                                                                \
    "add r8, r5, r1, asr #31\n"                                                                              \
    "smmlar r1, r1, r4, r8\n"                                                                                \
    "asr r0, r0, r6\n"                                                                                       \
    "asr r1, r1, r6\n"                                                                                       \
    "ssat r0, #8, r0\n"                                                                                      \
    "ssat r1, #8, r1\n"                                                                                      \
    "strb r1, [r12, r7]\n"                                                                                   \
    "strb r0, [r12]\n"                                                                                       \
    "add r12, r12, r7, lsl #1\n"                                                                             \
    "ldrd r2, r3, [r9, #24]\n"                                                                               \
    "ldr r4, [r9, #32]\n"                                                                                    \
    "add r2, r2, r3\n"                                                                                       \
    "str r2, [r9, #24]\n"                                                                                    \
    "cmp r2, r4\n"                                                                                           \
    "bne.w 1b\n"                                                                                             \
    "str r12, [r9, #52]\n"                                                                                   \
    "pop {r7}\n"

/* Pairs of a row, at least one, stride 1 */
static MDG_NOINLINE void mdg_taps_together(mdg_taps *q) {
#if defined(__ARM_FEATURE_SIMD32)
    register mdg_taps *r0 __asm__("r0") = q;
    __asm__ volatile(MDG_TAPS_ASM("ldr r4, [r2], #4\n"
                                  "ldrd r5, r6, [r3], #8\n"
                                  "smlad r0, r4, r5, r0\n"
                                  "smlad r1, r4, r6, r1\n",
                                  16)
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    mdg_taps_pairs(q);
#endif
}

/* The same for any stride */
static MDG_NOINLINE void mdg_taps_apart(mdg_taps *q) {
#if defined(__ARM_FEATURE_SIMD32)
    register mdg_taps *r0 __asm__("r0") = q;
    __asm__ volatile(MDG_TAPS_ASM("ldr.w r7, [r2, r11]\n"
                                  "ldr r4, [r2], #4\n"
                                  "ldrd r5, r6, [r3], #8\n"
                                  "smlad r0, r4, r5, r0\n"
                                  "smlad r1, r7, r6, r1\n",
                                  20)
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    mdg_taps_pairs(q);
#endif
}

#endif
