/* SPDX-License-Identifier: MIT
 *
 * plane.h: 3x3 depthwise convolution over one channel, spread to a plane of int16 with its padding in place:
 * two outputs at a time, 12 multiplications for 18 products.
 *
 * For kernel row (w0 w1 w2) the registers hold (w0 w1) and (w1 w2). With the pixels (x0 x1) (x2 x3), at
 * stride 1 first  += SMLAD (x0 x1) (w0 w1) + SMLABT (x2 x3) (w1 w2) second += SMLATB(x0 x1) (w0 w1) + SMLAD
 * (x2 x3) (w1 w2) and at stride 2, where the second output begins at x2, second += SMLAD (x2 x3) (w0 w1) +
 * SMLABT (x4 x5) (w1 w2)
 *
 * Weights and bias stand 256 times as large, so that both roundings of a one-sided requantisation (mac.h) are
 * additions: output = (high word of sum * mult + offset) >> shift, saturated.
 */
#ifndef MDG_ARMV7EM_PLANE_H
#define MDG_ARMV7EM_PLANE_H

#include "../../simd32.h"

/* In the order in which the assembly loads it */
typedef struct mdg_plane {
    int32_t bias[2]; /* the same, twice */
    int32_t mult, offset;
    int32_t shift, y_step;    /* from output to output */
    const uint32_t *row_end;  /* where row 0 stands after its last pair */
    int32_t row_bytes;        /* from a row of outputs' first plane row to that of the next */
    int32_t row_back, y_back; /* from behind the last pair to the next row */
    const uint32_t *last_end; /* row_end of the row behind the last */
    int32_t odd;              /* whether a single output ends each row */
    uint32_t w0a, w0b, w1a;   /* (w0 w1) and (w1 w2) of the three kernel rows */
    const uint32_t *row0;
    uint32_t w1b, w2a, w2b;
    const uint32_t *row1, *row2;
    int8_t *y;
} mdg_plane;

static inline void mdg_plane_put(const mdg_plane *p, int32_t sum, int8_t *y) {
    *y = (int8_t)mdg_ssat8(mdg_smmla(sum, p->mult, p->offset) >> p->shift);
}

/* One output from the words (x0 x1) and (x2 .) of three rows */
static inline int32_t mdg_plane_sum(const mdg_plane *p, const uint32_t *r0, const uint32_t *r1,
                                    const uint32_t *r2) {
    int32_t sum = mdg_smlabt(r0[1], p->w0b, mdg_smlad(r0[0], p->w0a, p->bias[0]));
    sum = mdg_smlabt(r1[1], p->w1b, mdg_smlad(r1[0], p->w1a, sum));
    return mdg_smlabt(r2[1], p->w2b, mdg_smlad(r2[0], p->w2a, sum));
}

/* The same one pixel to the right, (. x1) and (x2 x3) */
static inline int32_t mdg_plane_next_sum(const mdg_plane *p, const uint32_t *r0, const uint32_t *r1,
                                         const uint32_t *r2) {
    int32_t sum = mdg_smlabt(p->w0a, r0[0], mdg_smlad(r0[1], p->w0b, p->bias[0]));
    sum = mdg_smlabt(p->w1a, r1[0], mdg_smlad(r1[1], p->w1b, sum));
    return mdg_smlabt(p->w2a, r2[0], mdg_smlad(r2[1], p->w2b, sum));
}

/* All rows in C; `stride` is that along the row. */
static inline void mdg_plane_rows(mdg_plane *p, int32_t stride) {
    for (; p->row_end != p->last_end; p->row_end += p->row_bytes / 4) {
        for (; p->row0 != p->row_end; p->row0 += stride, p->row1 += stride, p->row2 += stride) {
            mdg_plane_put(p, mdg_plane_sum(p, p->row0, p->row1, p->row2), p->y);
            const int32_t second = stride == 1 ? mdg_plane_next_sum(p, p->row0, p->row1, p->row2)
                                               : mdg_plane_sum(p, p->row0 + 1, p->row1 + 1, p->row2 + 1);
            mdg_plane_put(p, second, p->y + p->y_step);
            p->y += 2 * p->y_step;
        }
        if (p->odd) mdg_plane_put(p, mdg_plane_sum(p, p->row0, p->row1, p->row2), p->y);
        p->row0 += p->row_back / 4;
        p->row1 += p->row_back / 4;
        p->row2 += p->row_back / 4;
        p->y += p->y_back;
    }
}

/* Assembly that both strides share. r0 r1 sums, r2 r3 pixels, r7 r11 r12 rows, lr outputs, others weights;
 * r7 is saved by hand, since code that is not optimised keeps its frame there. */
#define MDG_PLANE_BEGIN                                                                                      \
    "push {r7}\n"                                                                                            \
    "ldm r0!, {r1-r6, r8-r12, lr}\n"                                                                         \
    "adr.w r7, 3f\n"                                                                                         \
    "cmp lr, #0\n"                                                                                           \
    "it eq\n"                                                                                                \
    "adreq.w r7, 4f\n"                                                                                       \
    "add lr, r7, #1\n"                                                                                       \
    "push {r1-r6, r8-r12, lr}\n" /* 0 bias 8 mult offset 16 shift y_step 24 row_end row_bytes 32 back .. */  \
    "ldm r0, {r4-r12, lr}\n"                                                                                 \
    "2:\n"

#define MDG_PLANE_END                                                                                        \
    "ldrd r2, r3, [sp, #8]\n"                                                                                \
    "smmla r0, r0, r2, r3\n"                                                                                 \
    "smmla r1, r1, r2, r3\n"                                                                                 \
    "ldrd r2, r3, [sp, #16]\n"                                                                               \
    "asr r0, r0, r2\n"                                                                                       \
    "asr r1, r1, r2\n"                                                                                       \
    "ssat r0, #8, r0\n"                                                                                      \
    "ssat r1, #8, r1\n"                                                                                      \
    "strb r0, [lr]\n"                                                                                        \
    "strb r1, [lr, r3]\n"                                                                                    \
    "ldr r2, [sp, #24]\n"                                                                                    \
    "add lr, lr, r3, lsl #1\n"                                                                               \
    "cmp r7, r2\n"                                                                                           \
    "bne.w 2b\n"                                                                                             \
    "ldr pc, [sp, #44]\n"                                                                                    \
    "3:\n" /* a single output */                                                                             \
    "ldrd r2, r3, [r7]\n"                                                                                    \
    "ldr r0, [sp]\n"                                                                                         \
    "smlad r0, r2, r4, r0\n"                                                                                 \
    "smlabt r0, r3, r5, r0\n"                                                                                \
    "ldrd r2, r3, [r11]\n"                                                                                   \
    "smlad r0, r2, r6, r0\n"                                                                                 \
    "smlabt r0, r3, r8, r0\n"                                                                                \
    "ldrd r2, r3, [r12]\n"                                                                                   \
    "smlad r0, r2, r9, r0\n"                                                                                 \
    "smlabt r0, r3, r10, r0\n"                                                                               \
    "ldrd r2, r3, [sp, #8]\n"                                                                                \
    "smmla r0, r0, r2, r3\n"                                                                                 \
    "ldr r2, [sp, #16]\n"                                                                                    \
    "asr r0, r0, r2\n"                                                                                       \
    "ssat r0, #8, r0\n"                                                                                      \
    "strb r0, [lr]\n"                                                                                        \
    "4:\n" /* the next row */                                                                                \
    "ldrd r2, r3, [sp, #32]\n"                                                                               \
    "add r7, r7, r2\n"                                                                                       \
    "add r11, r11, r2\n"                                                                                     \
    "add r12, r12, r2\n"                                                                                     \
    "add lr, lr, r3\n"                                                                                       \
    "ldrd r2, r3, [sp, #24]\n"                                                                               \
    "add r2, r2, r3\n"                                                                                       \
    "ldr r3, [sp, #40]\n"                                                                                    \
    "str r2, [sp, #24]\n"                                                                                    \
    "cmp r2, r3\n"                                                                                           \
    "bne.w 2b\n"                                                                                             \
    "add sp, #48\n"                                                                                          \
    "pop {r7}\n"

/* All outputs of a plane, stride 1 */
static MDG_NOINLINE void mdg_plane_stride1(mdg_plane *p) {
#if defined(__ARM_FEATURE_SIMD32)
    register mdg_plane *r0 __asm__("r0") = p;
    __asm__ volatile(MDG_PLANE_BEGIN "ldrd r0, r1, [sp]\n"
                                     "ldrd r2, r3, [r7], #4\n"
                                     "smlad r0, r2, r4, r0\n"
                                     "smlatb r1, r2, r4, r1\n"
                                     "smlabt r0, r3, r5, r0\n"
                                     "smlad r1, r3, r5, r1\n"
                                     "ldrd r2, r3, [r11], #4\n"
                                     "smlad r0, r2, r6, r0\n"
                                     "smlatb r1, r2, r6, r1\n"
                                     "smlabt r0, r3, r8, r0\n"
                                     "smlad r1, r3, r8, r1\n"
                                     "ldrd r2, r3, [r12], #4\n"
                                     "smlad r0, r2, r9, r0\n"
                                     "smlatb r1, r2, r9, r1\n"
                                     "smlabt r0, r3, r10, r0\n"
                                     "smlad r1, r3, r10, r1\n" MDG_PLANE_END
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    mdg_plane_rows(p, 1);
#endif
}

/* All outputs of a plane, stride 2 along the row */
static MDG_NOINLINE void mdg_plane_stride2(mdg_plane *p) {
#if defined(__ARM_FEATURE_SIMD32)
    register mdg_plane *r0 __asm__("r0") = p;
    __asm__ volatile(MDG_PLANE_BEGIN "ldrd r0, r1, [sp]\n"
                                     "ldrd r2, r3, [r7], #8\n"
                                     "smlad r0, r2, r4, r0\n"
                                     "ldr r2, [r7]\n"
                                     "smlabt r0, r3, r5, r0\n"
                                     "smlad r1, r3, r4, r1\n"
                                     "smlabt r1, r2, r5, r1\n"
                                     "ldrd r2, r3, [r11], #8\n"
                                     "smlad r0, r2, r6, r0\n"
                                     "ldr r2, [r11]\n"
                                     "smlabt r0, r3, r8, r0\n"
                                     "smlad r1, r3, r6, r1\n"
                                     "smlabt r1, r2, r8, r1\n"
                                     "ldrd r2, r3, [r12], #8\n"
                                     "smlad r0, r2, r9, r0\n"
                                     "ldr r2, [r12]\n"
                                     "smlabt r0, r3, r10, r0\n"
                                     "smlad r1, r3, r9, r1\n"
                                     "smlabt r1, r2, r10, r1\n" MDG_PLANE_END
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "lr", "cc",
                       "memory");
#else
    mdg_plane_rows(p, 2);
#endif
}

#endif
