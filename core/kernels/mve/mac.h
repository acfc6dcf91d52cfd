/* SPDX-License-Identifier: MIT
 *
 * mac.h: the matrix core of the Cortex-M55 kernels: two pixels by four output channels at a time. VMLADAVA
 * adds 16 products of int8 to a sum in one of the even registers; eight of those hold the sums of a block,
 * so that two loads of inputs and four of weights serve eight instructions of 16 products.
 *
 * The stream of weights holds for four output channels, of which the last may be filled up:
 *     for each 16 inputs 16 weights of each channel | 4 biases | 4 multipliers | 4 bytes of minus the shifts
 * Weights behind the last input are 0; so what is read behind the last input of a pixel does not matter, but
 * it must be there.
 */
#ifndef MDG_MVE_MAC_H
#define MDG_MVE_MAC_H

#include "requantize.h"

/* The assembly knows the order of the fields. */
typedef struct mdg_mve_mac {
    int32_t loops, entry; /* of an unrolled loop behind the first 16 inputs: how often, and where it begins */
    const int8_t *x0, *x1; /* two pixels; up to 15 bytes behind them are read */
    int8_t *y0, *y1;       /* where their outputs go */
    int32_t zero;          /* of the outputs */
    int32_t two_sided;     /* requantize.h */
    int32_t left;          /* groups of four channels still to do */
    int32_t steps;         /* of 16 inputs */
    const int8_t *from;    /* what is copied to x0 before each pair */
    int32_t bytes, pairs;  /* how much of it; how many pairs */
    int32_t groups;        /* of a pixel */
    const int32_t *w;      /* stream */
    int32_t y_skip;        /* from the end of a pixel's outputs to the same pixel of the next pair */
    int32_t loop_skip;     /* bytes of the unrolled loop that the first turn leaves out */
} mdg_mve_mac;

enum {
    MDG_MVE_GROUP_WORDS = 9, /* of a group, besides the weights */
    MDG_MVE_STEP_BYTES = 56, /* of the instructions for 16 inputs */
    MDG_MVE_LOOP_BYTES = 4 * MDG_MVE_STEP_BYTES + 8
};

static inline int32_t mdg_mve_steps(int32_t depth) {
    return (depth + 15) / 16;
}

static inline void mdg_mve_start(mdg_mve_mac *m, const int32_t *w, int32_t depth, int32_t zero,
                                 int32_t two_sided) {
    m->steps = mdg_mve_steps(depth);
    m->loops = (m->steps + 2) / 4;
    m->loop_skip = m->steps > 1 ? ((1 - m->steps) & 3) * MDG_MVE_STEP_BYTES : MDG_MVE_LOOP_BYTES;
    m->zero = zero;
    m->two_sided = two_sided;
    m->w = w;
    m->from = (const int8_t *)w; /* nothing is copied */
    m->bytes = 0;
}

/* All groups of one pixel, in plain C */
static inline void mdg_mve_plain(const mdg_mve_mac *m, const int8_t *x, int8_t *y) {
    const int8_t *w = (const int8_t *)m->w;
    for (int32_t g = 0; g < m->groups; g++) {
        const int32_t *const factors = (const int32_t *)(const void *)(w + 64 * m->steps);
        const int8_t *const shift = (const int8_t *)(factors + 8);
        for (int32_t c = 0; c < 4; c++) {
            int32_t sum = factors[c];
            for (int32_t k = 0; k < 16 * m->steps; k++)
                sum = mdg_wrapping_add(sum, x[k] * w[k / 16 * 64 + 16 * c + k % 16]);
            *y++ = mdg_mve_requantize(sum, factors[4 + c], -shift[c], m->zero, m->two_sided);
        }
        w = shift + 4;
    }
}

/* m->pairs times m->groups times four outputs of both pixels.
 * long: a loop in assembly */
static MDG_NOINLINE void mdg_mve_two_pixels(mdg_mve_mac *m) {
#if defined(__ARM_FEATURE_MVE)
    register mdg_mve_mac *state __asm__("r11") = m;
    __asm__ volatile("push {r7}\n"
                     "ldr r1, [r11, #64]\n"
                     "adr.w r0, 2f\n"
                     "add r0, r1\n"
                     "add r0, #1\n"
                     "str r0, [r11, #4]\n"
                     "add r11, #16\n"            /* to y0 */
                     "0:\n"                      /* the next pair */
                     "ldrd r3, r4, [r11, #24]\n" /* from, bytes */
                     "ldr r5, [r11, #-8]\n"
                     "add r6, r3, r4\n"
                     "str r6, [r11, #24]\n"
                     "wlstp.8 lr, r4, 5f\n"
                     "4:\n"
                     "vldrb.8 q0, [r3], #16\n"
                     "vstrb.8 q0, [r5], #16\n"
                     "letp lr, 4b\n"
                     "5:\n"
                     "ldrd r0, r1, [r11, #36]\n" /* groups, w */
                     "str r0, [r11, #16]\n"
                     "1:\n" /* the next group */
                     "ldrd r3, r5, [r11, #-8]\n"
                     "ldrd r7, r9, [r11, #-16]\n"
                     "vldrb.8 q0, [r3], #16\n"
                     "vldrb.8 q1, [r5], #16\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r0, q0, q2\n"
                     "vmladav.s8 r8, q1, q2\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r2, q0, q2\n"
                     "vmladav.s8 r10, q1, q2\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r4, q0, q2\n"
                     "vmladav.s8 r12, q1, q2\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r6, q0, q2\n"
                     "vmladav.s8 lr, q1, q2\n"
                     "bx r9\n"
                     "2:\n"
                     ".rept 4\n"
                     "vldrb.8 q0, [r3], #16\n"
                     "vldrb.8 q1, [r5], #16\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladava.s8 r0, q0, q2\n"
                     "vmladava.s8 r8, q1, q2\n"
                     "vldrb.8 q3, [r1], #16\n"
                     "vmladava.s8 r2, q0, q3\n"
                     "vmladava.s8 r10, q1, q3\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladava.s8 r4, q0, q2\n"
                     "vmladava.s8 r12, q1, q2\n"
                     "vldrb.8 q3, [r1], #16\n"
                     "vmladava.s8 r6, q0, q3\n"
                     "vmladava.s8 lr, q1, q3\n"
                     ".endr\n"
                     "subs.w r7, r7, #1\n"
                     "bne.w 2b\n"
                     "vmov d0, r0, r2\n"
                     "vmov d1, r4, r6\n"
                     "vmov d2, r8, r10\n"
                     "vmov d3, r12, lr\n"
                     "vldrw.u32 q3, [r1], #16\n"
                     "vldrw.u32 q2, [r1], #16\n"
                     "vadd.i32 q0, q0, q3\n"
                     "vadd.i32 q1, q1, q3\n"
                     "ldm r11, {r0, r2, r4, r6, r8}\n" /* y0, y1, zero, two_sided, left */
                     "vqrdmulh.s32 q0, q0, q2\n"
                     "vqrdmulh.s32 q1, q1, q2\n"
                     "vldrb.s32 q3, [r1], #4\n"
                     "cbz r6, 3f\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vshr.s32 q2, q1, #31\n"
                     "vadd.i32 q1, q1, q2\n"
                     "3:\n"
                     "vrshl.s32 q0, q0, q3\n"
                     "vrshl.s32 q1, q1, q3\n"
                     "vqmovnb.s32 q2, q0\n"
                     "vqmovnt.s32 q2, q1\n"
                     "vqadd.s16 q2, q2, r4\n"
                     "vqmovnb.s16 q2, q2\n"
                     "vstrb.32 q2, [r0], #4\n"
                     "vrev32.16 q2, q2\n"
                     "vstrb.32 q2, [r2], #4\n"
                     "subs r8, #1\n"
                     "stm r11, {r0, r2, r4, r6, r8}\n"
                     "bne.w 1b\n"
                     "ldr r4, [r11, #44]\n" /* y_skip */
                     "ldr r3, [r11, #32]\n" /* pairs */
                     "add r0, r4\n"
                     "add r2, r4\n"
                     "strd r0, r2, [r11]\n"
                     "subs r3, #1\n"
                     "str r3, [r11, #32]\n"
                     "bne.w 0b\n"
                     "pop {r7}\n"
                     : "+r"(state)
                     :
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "q0", "q1",
                       "q2", "q3", "cc", "memory");
#else
    const int32_t step = 4 * m->groups + m->y_skip;
    for (; m->pairs > 0; m->pairs--, m->from += m->bytes, m->y0 += step, m->y1 += step) {
        if (m->bytes > 0) memcpy((int8_t *)(uintptr_t)m->x0, m->from, (size_t)m->bytes);
        mdg_mve_plain(m, m->x0, m->y0);
        mdg_mve_plain(m, m->x1, m->y1);
    }
#endif
}

/* m->groups times four outputs of pixel 0 */
static MDG_NOINLINE void mdg_mve_one_pixel(mdg_mve_mac *m) {
#if defined(__ARM_FEATURE_MVE)
    register mdg_mve_mac *state __asm__("r5") = m;
    __asm__ volatile("ldr r3, [r5, #16]\n"       /* y0 */
                     "ldrd r10, r1, [r5, #52]\n" /* groups, w */
                     "ldrd r8, r9, [r5, #24]\n"  /* zero, two_sided */
                     "1:\n"
                     "ldr r12, [r5, #8]\n" /* x0 */
                     "ldr lr, [r5, #36]\n" /* steps */
                     "vldrb.8 q0, [r12], #16\n"
                     "vldrb.8 q1, [r1], #16\n"
                     "vmladav.s8 r0, q0, q1\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r2, q0, q2\n"
                     "vldrb.8 q1, [r1], #16\n"
                     "vmladav.s8 r4, q0, q1\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladav.s8 r6, q0, q2\n"
                     "sub lr, #1\n"
                     "wls lr, lr, 4f\n"
                     "2:\n"
                     "vldrb.8 q0, [r12], #16\n"
                     "vldrb.8 q1, [r1], #16\n"
                     "vmladava.s8 r0, q0, q1\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladava.s8 r2, q0, q2\n"
                     "vldrb.8 q1, [r1], #16\n"
                     "vmladava.s8 r4, q0, q1\n"
                     "vldrb.8 q2, [r1], #16\n"
                     "vmladava.s8 r6, q0, q2\n"
                     "le lr, 2b\n"
                     "4:\n"
                     "vmov d0, r0, r2\n"
                     "vmov d1, r4, r6\n"
                     "vldrw.u32 q1, [r1], #16\n"
                     "vldrw.u32 q2, [r1], #16\n"
                     "vadd.i32 q0, q0, q1\n"
                     "vqrdmulh.s32 q0, q0, q2\n"
                     "vldrb.s32 q3, [r1], #4\n"
                     "cmp r9, #0\n"
                     "beq 3f\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "3:\n"
                     "vrshl.s32 q0, q0, q3\n"
                     "vqmovnb.s32 q0, q0\n"
                     "vqadd.s16 q0, q0, r8\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vstrb.32 q0, [r3], #4\n"
                     "subs r10, #1\n"
                     "bne 1b\n"
                     :
                     : "r"(state)
                     : "r0", "r1", "r2", "r3", "r4", "r6", "r8", "r9", "r10", "r12", "lr", "q0", "q1", "q2",
                       "q3", "cc", "memory");
#else
    mdg_mve_plain(m, m->x0, m->y0);
#endif
}

static inline void mdg_mve_pixels(mdg_mve_mac *m, int32_t pixels) {
    m->pairs = 1;
    if (pixels > 1)
        mdg_mve_two_pixels(m);
    else
        mdg_mve_one_pixel(m);
}

/* Outputs of all pairs to come, out_c a multiple of 4, one behind the other at y */
static inline void mdg_mve_outputs_at(mdg_mve_mac *m, int32_t out_c, int8_t *y) {
    m->groups = out_c / 4;
    m->y0 = y;
    m->y1 = y + out_c;
    m->y_skip = out_c;
}

/* All channels of one or two pixels at m->x0, m->x1; outputs of the second stand behind those of the first.
 */
static inline void mdg_mve_outputs(mdg_mve_mac *m, int32_t out_c, int8_t *y, int32_t pixels) {
    const int32_t groups = out_c / 4, rest = out_c % 4;
    mdg_mve_outputs_at(m, out_c, y);
    if (groups > 0) mdg_mve_pixels(m, pixels);
    if (rest == 0) return;
    const int32_t *const w = m->w;
    int8_t last[8] = {0};
    m->groups = 1;
    m->w += groups * (MDG_MVE_GROUP_WORDS + 16 * m->steps);
    m->y0 = last;
    m->y1 = last + 4;
    mdg_mve_pixels(m, pixels);
    m->w = w;
    memcpy(y + 4 * groups, last, (size_t)rest);
    if (pixels > 1) memcpy(y + out_c + 4 * groups, last + 4, (size_t)rest);
}

#endif
