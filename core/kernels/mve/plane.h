/* SPDX-License-Identifier: MIT
 *
 * plane.h: depthwise convolutions of 3x3 for Helium. Four rows of the input are interleaved, 16 channels at a
 * time: a column of them is 64 bytes, four rows of a channel side by side. So a vector of four columns of one
 * channel, fetched by a gathering load of words, holds the windows of 2x2 outputs (stride 1), and four
 * VMLADAV with the kernel at four places give their sums; with stride 2, that of one output.
 */
#ifndef MDG_MVE_PLANE_H
#define MDG_MVE_PLANE_H

#include "requantize.h"

enum {
    MDG_MVE_LANES = 16,       /* channels of a column */
    MDG_MVE_COLUMN = 64,      /* bytes of a column */
    MDG_MVE_CHANNEL_WORDS = 5 /* of the weights of a channel */
};

/* A row of the input, or of constants with a step of 0 */
typedef struct mdg_mve_row {
    const int8_t *x;
    int32_t step;
} mdg_mve_row;

/* In `columns` columns at t, moves rows 2 and 3 up to 0 and 1, and puts new rows to 2 and 3; columns of rows
 * have `channels` bytes. */
static MDG_NOINLINE void mdg_mve_advance(int8_t *t, const mdg_mve_row row[2], int32_t columns,
                                         int32_t channels) {
#if defined(__ARM_FEATURE_MVE)
    register int8_t *to __asm__("r0") = t;
    register const mdg_mve_row *from __asm__("r1") = row;
    register int32_t count __asm__("r2") = columns;
    register int32_t bytes __asm__("r3") = channels;
    __asm__ volatile("vctp.8 r3\n"
                     "dls lr, r2\n"
                     "ldm r1, {r1-r4}\n"
                     "1:\n"
                     "vld40.8 {q0, q1, q2, q3}, [r0]\n"
                     "vld41.8 {q0, q1, q2, q3}, [r0]\n"
                     "vld42.8 {q0, q1, q2, q3}, [r0]\n"
                     "vld43.8 {q0, q1, q2, q3}, [r0]\n"
                     "vpstt\n"
                     "vldrbt.8 q4, [r1]\n"
                     "vldrbt.8 q5, [r3]\n"
                     "add r1, r2\n"
                     "add r3, r4\n"
                     "vst40.8 {q2, q3, q4, q5}, [r0]\n"
                     "vst41.8 {q2, q3, q4, q5}, [r0]\n"
                     "vst42.8 {q2, q3, q4, q5}, [r0]\n"
                     "vst43.8 {q2, q3, q4, q5}, [r0]!\n"
                     "le lr, 1b\n"
                     : "+r"(to), "+r"(from), "+r"(count), "+r"(bytes)
                     :
                     : "r4", "lr", "q0", "q1", "q2", "q3", "q4", "q5", "cc", "memory");
#else
    for (int32_t i = 0; i < columns; i++, t += MDG_MVE_COLUMN) {
        for (int32_t c = 0; c < channels; c++) {
            memmove(t + 4 * c, t + 4 * c + 2, 2);
            t[4 * c + 2] = row[0].x[i * row[0].step + c];
            t[4 * c + 3] = row[1].x[i * row[1].step + c];
        }
    }
#endif
}

/* Puts rows to 0, 1 and 2. */
static MDG_NOINLINE void mdg_mve_interleave(int8_t *t, const mdg_mve_row row[3], int32_t columns,
                                            int32_t channels) {
#if defined(__ARM_FEATURE_MVE)
    register int8_t *to __asm__("r0") = t;
    register const mdg_mve_row *from __asm__("r1") = row;
    register int32_t count __asm__("r2") = columns;
    register int32_t bytes __asm__("r3") = channels;
    __asm__ volatile("vctp.8 r3\n"
                     "dls lr, r2\n"
                     "ldm r1, {r1-r6}\n"
                     "1:\n"
                     "vpsttt\n"
                     "vldrbt.8 q0, [r1]\n"
                     "vldrbt.8 q1, [r3]\n"
                     "vldrbt.8 q2, [r5]\n"
                     "add r1, r2\n"
                     "add r3, r4\n"
                     "add r5, r6\n"
                     "vst40.8 {q0, q1, q2, q3}, [r0]\n"
                     "vst41.8 {q0, q1, q2, q3}, [r0]\n"
                     "vst42.8 {q0, q1, q2, q3}, [r0]\n"
                     "vst43.8 {q0, q1, q2, q3}, [r0]!\n"
                     "le lr, 1b\n"
                     : "+r"(to), "+r"(from), "+r"(count), "+r"(bytes)
                     :
                     : "r4", "r5", "r6", "lr", "q0", "q1", "q2", "q3", "cc", "memory");
#else
    for (int32_t i = 0; i < columns; i++, t += MDG_MVE_COLUMN)
        for (int32_t c = 0; c < channels; c++)
            for (int32_t m = 0; m < 3; m++) t[4 * c + m] = row[m].x[i * row[m].step + c];
#endif
}

/* What a run over some channels needs; the assembly knows the order of the fields. Weights of a channel:
 *     three columns of bytes (w0 w1 w2 0), where minus the shift takes the place of the first 0 | bias,
 *     multiplier */
typedef struct mdg_mve_plane {
    const int8_t *t; /* of the first channel */
    int8_t *y;       /* its first output */
    int32_t channels;
    int32_t blocks, rest; /* of 2 or 4 columns, and columns that are left, or all columns */
    int32_t zero;         /* of the outputs */
    int32_t y_step;       /* bytes from block to block */
    uint32_t y_at[4];     /* bytes from the first output of a block to each */
    uint32_t t_at[4];     /* bytes to the columns of the block before */
    int32_t row_shift;    /* 8: the second row is one below the first; 0: it is the first */
    int32_t step_n, step_m, columns, rows, stride; /* the same for plain C */
} mdg_mve_plane;

/* All outputs of some channels, in plain C */
static inline void mdg_mve_plane_plain(const mdg_mve_plane *p, const int32_t *w) {
    for (int32_t c = 0; c < p->channels; c++, w += MDG_MVE_CHANNEL_WORDS) {
        const int8_t *k = (const int8_t *)w;
        for (int32_t i = 0; i < p->columns * p->rows; i++) {
            const int32_t n = i / p->rows, m = i % p->rows;
            const int8_t *t = p->t + n * p->stride * MDG_MVE_COLUMN + 4 * c + m;
            int32_t sum = w[3];
            for (int32_t tap = 0; tap < 9; tap++)
                sum = mdg_wrapping_add(sum, t[tap / 3 * MDG_MVE_COLUMN + tap % 3] * k[tap / 3 * 4 + tap % 3]);
            p->y[n * p->step_n + m * p->step_m + c] = mdg_mve_requantize(sum, w[4], -k[3], p->zero, 0);
        }
    }
}

/* Weights of a channel from [r1] to q4, and a column later to q5; bias r5, multiplier r7, minus shift r12,
 * column addresses q1, output r9 */
#define MDG_MVE_CHANNEL                                                                                      \
    "ldm r1!, {r2-r5, r7}\n"                                                                                 \
    "mov r0, #0\n"                                                                                           \
    "asr r12, r2, #24\n"                                                                                     \
    "bic r2, r2, #0xff000000\n"                                                                              \
    "ldrd r6, r9, [r11]\n"                                                                                   \
    "vldrw.u32 q1, [r11, #44]\n"                                                                             \
    "vmov d8, r2, r3\n"                                                                                      \
    "vmov d9, r4, r0\n"                                                                                      \
    "vadd.i32 q1, q1, r6\n"

/* Four sums of even registers to outputs in q3 */
#define MDG_MVE_REQUANTIZE                                                                                   \
    "vmov d6, r0, r2\n"                                                                                      \
    "vmov d7, r4, r6\n"                                                                                      \
    "vadd.i32 q3, q3, r5\n"                                                                                  \
    "vqrdmulh.s32 q3, q3, r7\n"                                                                              \
    "vrshl.s32 q3, r12\n"                                                                                    \
    "vadd.i32 q3, q3, r8\n"                                                                                  \
    "vqmovnb.s32 q3, q3\n"                                                                                   \
    "vqmovnb.s16 q3, q3\n"

/* To the next channel, label 1 */
#define MDG_MVE_NEXT                                                                                         \
    "ldm r11, {r0, r2, r4}\n"                                                                                \
    "add r0, #4\n"                                                                                           \
    "add r2, #1\n"                                                                                           \
    "subs r4, #1\n"                                                                                          \
    "stm r11, {r0, r2, r4}\n"                                                                                \
    "bne 1b\n"

/* Stride 1: blocks of 2x2; of an odd number of columns the last block begins a column earlier. */
static MDG_NOINLINE void mdg_mve_plane_stride1(mdg_mve_plane *p, const int32_t *w) {
#if defined(__ARM_FEATURE_MVE)
    register mdg_mve_plane *state __asm__("r11") = p;
    register const int32_t *stream __asm__("r1") = w;
    __asm__ volatile("push {r7}\n"
                     "ldrd r8, r10, [r11, #20]\n"
                     "vldrw.u32 q2, [r11, #28]\n"
                     "1:\n" MDG_MVE_CHANNEL "ldr r6, [r11, #60]\n"
                     "vdup.32 q0, r6\n"
                     "vmov d10, r0, r2\n"
                     "vmov d11, r3, r4\n"
                     "vshl.u32 q6, q4, q0\n"
                     "vshl.u32 q7, q5, q0\n"
                     "ldrd r0, r3, [r11, #12]\n"
                     "dls lr, r0\n"
                     "2:\n"
                     "vldrw.u32 q0, [q1, #128]!\n"
                     "vmladav.s8 r0, q0, q4\n"
                     "vmladav.s8 r2, q0, q5\n"
                     "vmladav.s8 r4, q0, q6\n"
                     "vmladav.s8 r6, q0, q7\n" MDG_MVE_REQUANTIZE "vstrb.32 q3, [r9, q2]\n"
                     "add r9, r10\n"
                     "le lr, 2b\n"
                     "cbz r3, 3f\n"
                     "mov r3, #0\n"
                     "mov r0, #64\n"
                     "vsub.i32 q1, q1, r0\n"
                     "sub r9, r9, r10, lsr #1\n"
                     "mov lr, #1\n"
                     "b 2b\n"
                     "3:\n" MDG_MVE_NEXT "pop {r7}\n"
                     : "+r"(stream)
                     : "r"(state)
                     : "r0", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "q0", "q1", "q2",
                       "q3", "q4", "q5", "q6", "q7", "cc", "memory");
#else
    mdg_mve_plane_plain(p, w);
#endif
}

/* Stride 2: blocks of four columns, of which the last may be cut short */
static MDG_NOINLINE void mdg_mve_plane_stride2(mdg_mve_plane *p, const int32_t *w) {
#if defined(__ARM_FEATURE_MVE)
    register mdg_mve_plane *state __asm__("r11") = p;
    register const int32_t *stream __asm__("r1") = w;
    __asm__ volatile("push {r7}\n"
                     "ldrd r8, r10, [r11, #20]\n"
                     "vldrw.u32 q2, [r11, #28]\n"
                     "1:\n" MDG_MVE_CHANNEL "ldrd r0, r3, [r11, #12]\n"
                     "dls lr, r0\n"
                     "2:\n"
                     "vldrw.u32 q0, [q1, #128]!\n"
                     "vmladav.s8 r0, q0, q4\n"
                     "vldrw.u32 q0, [q1, #128]!\n"
                     "vmladav.s8 r2, q0, q4\n"
                     "vldrw.u32 q0, [q1, #128]!\n"
                     "vmladav.s8 r4, q0, q4\n"
                     "vldrw.u32 q0, [q1, #128]!\n"
                     "vmladav.s8 r6, q0, q4\n" MDG_MVE_REQUANTIZE "vctp.32 r3\n"
                     "vpst\n"
                     "vstrbt.32 q3, [r9, q2]\n"
                     "sub r3, #4\n"
                     "add r9, r10\n"
                     "le lr, 2b\n" MDG_MVE_NEXT "pop {r7}\n"
                     : "+r"(stream)
                     : "r"(state)
                     : "r0", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "q0", "q1", "q2",
                       "q3", "q4", "cc", "memory");
#else
    mdg_mve_plane_plain(p, w);
#endif
}

#endif
