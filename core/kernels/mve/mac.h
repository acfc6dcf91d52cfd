/* SPDX-License-Identifier: MIT
 *
 * mac.h: the matrix core of the Cortex-M55 kernels: two pixels by four output channels at a time. VMLADAVA
 * adds 16 products of int8 to a sum in one of the even registers; eight of those hold the sums of a block,
 * so that two loads of inputs and four of weights serve eight instructions of 16 products.
 *
 * The stream of weights holds for four output channels, of which the last may be filled up:
 *     4 biases | for each 16 inputs 16 weights of each channel | 4 multipliers | 4 bytes of right shifts
 * Weights behind the last input are 0; so what is read behind the last input of a pixel does not matter, but
 * it must be there.
 */
#ifndef MDG_MVE_MAC_H
#define MDG_MVE_MAC_H

#include "requantize.h"

/* The assembly knows the order of the fields. */
typedef struct mdg_mve_mac {
    int32_t loops, entry;  /* of an unrolled loop: how often, and where it begins */
    const int8_t *x0, *x1; /* two pixels; up to 15 bytes behind them are read */
    int8_t *y0, *y1;       /* where their outputs go */
    int32_t zero;          /* of the outputs */
    int32_t two_sided;     /* requantize.h */
    int32_t groups;        /* of four channels */
    int32_t steps;         /* of 16 inputs */
} mdg_mve_mac;

enum { MDG_MVE_GROUP_WORDS = 9 }; /* of a group, besides the weights */

static inline int32_t mdg_mve_steps(int32_t depth) {
    return (depth + 15) / 16;
}

static inline mdg_mve_mac mdg_mve_start(int32_t depth, int32_t zero, int32_t two_sided) {
    mdg_mve_mac m;
    memset(&m, 0, sizeof m);
    m.zero = zero;
    m.two_sided = two_sided;
    m.steps = mdg_mve_steps(depth);
    return m;
}

/* Four outputs of one pixel, in plain C */
static inline void mdg_mve_group(const mdg_mve_mac *m, const int8_t *x, int8_t *y, const int32_t *w) {
    const int8_t *const weights = (const int8_t *)(w + 4);
    const int32_t *const mult = w + 4 + 16 * m->steps;
    const int8_t *const shift = (const int8_t *)(mult + 4);
    for (int32_t c = 0; c < 4; c++) {
        int32_t sum = w[c];
        for (int32_t k = 0; k < 16 * m->steps; k++)
            sum = mdg_wrapping_add(sum, x[k] * weights[k / 16 * 64 + 16 * c + k % 16]);
        y[c] = mdg_mve_requantize(sum, mult[c], -shift[c], m->zero, m->two_sided);
    }
}

/* m->groups times four outputs of both pixels; returns the end of their weights.
 * long: a loop in assembly */
static MDG_NOINLINE const int32_t *mdg_mve_two_pixels(mdg_mve_mac *m, const int32_t *w) {
#if defined(__ARM_FEATURE_MVE)
    m->loops = (m->steps + 3) / 4;
    register const int32_t *stream __asm__("r1") = w;
    register int32_t skip __asm__("r2") = (-m->steps & 3) * 56; /* bytes of a step */
    register mdg_mve_mac *state __asm__("r11") = m;
    __asm__ volatile("push {r7}\n"
                     "add r11, #16\n" /* to y0 */
                     "adr.w r0, 2f\n"
                     "add r2, r0\n"
                     "add r2, #1\n"
                     "str r2, [r11, #-12]\n"
                     "1:\n" /* the next group */
                     "ldm r1!, {r0, r2, r4, r6}\n"
                     "mov r8, r0\n"
                     "mov r10, r2\n"
                     "mov r12, r4\n"
                     "mov lr, r6\n"
                     "ldrd r3, r5, [r11, #-8]\n"
                     "ldrd r7, r9, [r11, #-16]\n"
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
                     "subs r7, #1\n"
                     "bne.w 2b\n"
                     "vmov d0, r0, r2\n"
                     "vmov d1, r4, r6\n"
                     "vmov d2, r8, r10\n"
                     "vmov d3, r12, lr\n"
                     "vldrw.u32 q2, [r1], #16\n"
                     "ldm r11, {r0, r2, r4, r6, r8}\n" /* y0, y1, zero, two_sided, groups */
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
                     "pop {r7}\n"
                     : "+r"(stream), "+r"(skip), "+r"(state)
                     :
                     : "r0", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r12", "lr", "q0", "q1", "q2", "q3",
                       "cc", "memory");
    return stream;
#else
    for (; m->groups > 0; m->groups--, m->y0 += 4, m->y1 += 4, w += MDG_MVE_GROUP_WORDS + 16 * m->steps) {
        mdg_mve_group(m, m->x0, m->y0, w);
        mdg_mve_group(m, m->x1, m->y1, w);
    }
    return w;
#endif
}

/* The same for pixel 0 alone */
static MDG_NOINLINE const int32_t *mdg_mve_one_pixel(mdg_mve_mac *m, const int32_t *w) {
#if defined(__ARM_FEATURE_MVE)
    register const int32_t *stream __asm__("r1") = w;
    register const mdg_mve_mac *state __asm__("r5") = m;
    __asm__ volatile("ldr r3, [r5, #16]\n" /* y0 */
                     "1:\n"
                     "ldr r12, [r5, #8]\n" /* x0 */
                     "ldr lr, [r5, #36]\n" /* steps */
                     "ldm r1!, {r0, r2, r4, r6}\n"
                     "dls lr, lr\n"
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
                     "vmov d0, r0, r2\n"
                     "vmov d1, r4, r6\n"
                     "vldrw.u32 q2, [r1], #16\n"
                     "vqrdmulh.s32 q0, q0, q2\n"
                     "vldrb.s32 q3, [r1], #4\n"
                     "ldrd r4, r6, [r5, #24]\n" /* zero, two_sided */
                     "cbz r6, 3f\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "3:\n"
                     "vrshl.s32 q0, q0, q3\n"
                     "ldr r8, [r5, #32]\n" /* groups */
                     "vqmovnb.s32 q0, q0\n"
                     "vqadd.s16 q0, q0, r4\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vstrb.32 q0, [r3], #4\n"
                     "subs r8, #1\n"
                     "str r8, [r5, #32]\n"
                     "bne 1b\n"
                     "str r3, [r5, #16]\n"
                     : "+r"(stream)
                     : "r"(state)
                     : "r0", "r2", "r3", "r4", "r6", "r8", "r12", "lr", "q0", "q1", "q2", "q3", "cc",
                       "memory");
    return stream;
#else
    for (; m->groups > 0; m->groups--, m->y0 += 4, w += MDG_MVE_GROUP_WORDS + 16 * m->steps)
        mdg_mve_group(m, m->x0, m->y0, w);
    return w;
#endif
}

static inline const int32_t *mdg_mve_pixels(mdg_mve_mac *m, const int32_t *w, int32_t groups,
                                            int32_t pixels) {
    m->groups = groups;
    return pixels > 1 ? mdg_mve_two_pixels(m, w) : mdg_mve_one_pixel(m, w);
}

/* All channels of one or two pixels at m->x0, m->x1; outputs of the second stand behind those of the first.
 */
static inline void mdg_mve_outputs(mdg_mve_mac *m, const int32_t *w, int32_t out_c, int8_t *y,
                                   int32_t pixels) {
    const int32_t groups = out_c / 4, rest = out_c % 4;
    m->y0 = y;
    m->y1 = y + out_c;
    if (groups > 0) w = mdg_mve_pixels(m, w, groups, pixels);
    if (rest == 0) return;
    int8_t last[8] = {0};
    m->y0 = last;
    m->y1 = last + 4;
    mdg_mve_pixels(m, w, 1, pixels);
    memcpy(y + 4 * groups, last, (size_t)rest);
    if (pixels > 1) memcpy(y + out_c + 4 * groups, last + 4, (size_t)rest);
}

#endif
