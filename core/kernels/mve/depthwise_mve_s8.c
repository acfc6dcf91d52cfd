/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 of any kernel, at least 8 channels, one output channel for each: eight channels
 * at a time, tap after tap. Taps in the padding are left out, for inputs lose their zero point first.
 *
 * The stream has for eight channels, those of even numbers before those of odd numbers:
 *     8 biases | 8 multipliers | 8 bytes of minus the right shifts | for each tap 8 weights in natural order
 * Where channels are no multiple of 8, the last eight are done at the end.
 */
#include "midge/kernel.h"
#include "requantize.h"
#include "window.h"

enum { DEPTHWISE_MVE_LANES = 8, DEPTHWISE_MVE_FACTOR_BYTES = 72 };

/* One output of some groups of channels; the assembly knows the order of the fields. */
typedef struct depthwise_mve_run {
    const int8_t *x;         /* the first tap inside the picture, of the first channel */
    int32_t rows;            /* of taps, at least 1 */
    int32_t w_first;         /* bytes from a group's stream to the weights of that tap */
    int32_t columns, x_step; /* taps of a row, bytes from one to the next */
    int32_t x_back, w_back;  /* bytes from the end of a row to the next */
    int32_t in_zero;
    int32_t group_bytes, groups; /* of the stream */
    int32_t out_zero, two_sided;
} depthwise_mve_run;

static inline int8_t depthwise_mve_output(const depthwise_mve_run *r, const int8_t *x, const int8_t *stream,
                                          int32_t channel) {
    const int32_t lane = channel / 2 + channel % 2 * 4;
    const int32_t *words = (const int32_t *)(const void *)stream;
    const int8_t *w = stream + r->w_first + channel;
    int32_t sum = words[lane];
    for (int32_t i = 0; i < r->rows; i++, x += r->x_back, w += r->w_back)
        for (int32_t k = 0; k < r->columns; k++, x += r->x_step, w += DEPTHWISE_MVE_LANES)
            sum = mdg_wrapping_add(sum, (x[channel] - r->in_zero) * *w);
    return mdg_mve_requantize(sum, words[8 + lane], -stream[64 + lane], r->out_zero, r->two_sided);
}

/* long: a loop in assembly */
static MDG_NOINLINE void depthwise_mve_groups(depthwise_mve_run *r, int8_t *y, const int8_t *stream) {
#if defined(__ARM_FEATURE_MVE)
    register depthwise_mve_run *state __asm__("r11") = r;
    register const int8_t *group __asm__("r9") = stream;
    register int8_t *to __asm__("r8") = y;
    __asm__ volatile("push {r7}\n"
                     "add r0, r11, #12\n"
                     "ldm r0, {r2, r4, r5, r6, r12}\n" /* columns, x_step, x_back, w_back, in_zero */
                     "mov r7, r9\n"
                     "ldrd r9, r10, [r11, #32]\n"
                     "1:\n"
                     "vldrw.u32 q0, [r7]\n"
                     "vldrw.u32 q1, [r7, #16]\n"
                     "ldm r11, {r0, r1, r3}\n" /* x, rows, w_first */
                     "add r3, r7\n"
                     "2:\n"
                     "wls lr, r2, 4f\n"
                     "3:\n"
                     "vldrb.s16 q2, [r0]\n"
                     "vldrb.s16 q3, [r3], #8\n"
                     "add r0, r4\n"
                     "vsub.i16 q2, q2, r12\n"
                     "vmullb.s16 q4, q2, q3\n"
                     "vmullt.s16 q5, q2, q3\n"
                     "vadd.i32 q0, q0, q4\n"
                     "vadd.i32 q1, q1, q5\n"
                     "le lr, 3b\n"
                     "4:\n"
                     "add r0, r5\n"
                     "add r3, r6\n"
                     "subs r1, #1\n"
                     "bne 2b\n"
                     "vldrw.u32 q2, [r7, #32]\n"
                     "vldrw.u32 q3, [r7, #48]\n"
                     "vqrdmulh.s32 q0, q0, q2\n"
                     "vqrdmulh.s32 q1, q1, q3\n"
                     "vldrb.s32 q2, [r7, #64]\n"
                     "vldrb.s32 q3, [r7, #68]\n"
                     "ldrd r0, r1, [r11, #40]\n" /* out_zero, two_sided */
                     "cbz r1, 5f\n"
                     "vshr.s32 q4, q0, #31\n"
                     "vadd.i32 q0, q0, q4\n"
                     "vshr.s32 q5, q1, #31\n"
                     "vadd.i32 q1, q1, q5\n"
                     "5:\n"
                     "vrshl.s32 q0, q0, q2\n"
                     "vrshl.s32 q1, q1, q3\n"
                     "vqmovnb.s32 q0, q0\n"
                     "vqmovnt.s32 q0, q1\n"
                     "vqadd.s16 q0, q0, r0\n"
                     "vqmovnb.s16 q0, q0\n"
                     "mov r1, r8\n"
                     "vstrb.16 q0, [r1], #8\n"
                     "mov r8, r1\n"
                     "ldr r0, [r11]\n"
                     "add r0, #8\n"
                     "str r0, [r11]\n"
                     "add r7, r9\n"
                     "subs r10, #1\n"
                     "bne 1b\n"
                     "pop {r7}\n"
                     : "+r"(group), "+r"(to)
                     : "r"(state)
                     : "r0", "r1", "r2", "r3", "r4", "r5", "r6", "r10", "r12", "lr", "q0", "q1", "q2", "q3",
                       "q4", "q5", "cc", "memory");
#else
    const int8_t *x = r->x;
    for (int32_t g = 0; g < r->groups; g++, x += DEPTHWISE_MVE_LANES, stream += r->group_bytes)
        for (int32_t c = 0; c < DEPTHWISE_MVE_LANES; c++) *y++ = depthwise_mve_output(r, x, stream, c);
#endif
}

/* The taps of an output at (y, x) that lie in the picture */
static inline void depthwise_mve_place(const mdg_conv2d_mve_params *p, depthwise_mve_run *r,
                                       const int8_t *picture, int32_t y, int32_t x) {
    const mdg_mve_taps h = mdg_mve_taps_inside(y, p->kernel_h, p->dilation_h, p->in_h);
    const mdg_mve_taps w = mdg_mve_taps_inside(x, p->kernel_w, p->dilation_w, p->in_w);
    const int is_empty = h.end <= h.first || w.end <= w.first;
    r->rows = is_empty ? 1 : h.end - h.first;
    r->columns = is_empty ? 0 : w.end - w.first;
    const int32_t top = is_empty ? 0 : y + h.first * p->dilation_h;
    const int32_t left = is_empty ? 0 : x + w.first * p->dilation_w;
    const int32_t first = is_empty ? 0 : h.first * p->kernel_w + w.first;
    r->x = picture + (top * p->in_w + left) * p->in_c;
    r->w_first = DEPTHWISE_MVE_FACTOR_BYTES + first * DEPTHWISE_MVE_LANES;
    r->x_back = p->dilation_h * p->in_w * p->in_c - r->columns * r->x_step;
    r->w_back = (p->kernel_w - r->columns) * DEPTHWISE_MVE_LANES;
}

/* All channels of an output */
static inline void depthwise_mve_pixel(const mdg_conv2d_mve_params *p, depthwise_mve_run r,
                                       const int8_t *stream, int8_t *y) {
    const int32_t rest = p->in_c % DEPTHWISE_MVE_LANES, back = DEPTHWISE_MVE_LANES - rest;
    depthwise_mve_run last = r;
    depthwise_mve_groups(&r, y, stream);
    if (rest == 0) return;
    last.x += p->in_c - rest - back;
    last.groups = 1;
    depthwise_mve_groups(&last, y + p->in_c - rest - back,
                         stream + r.group_bytes * (p->in_c / DEPTHWISE_MVE_LANES));
}

MDG_KERNEL void mdg_depthwise_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_mve_params *p = (const mdg_conv2d_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];      /* [batches][in_h][in_w][in_c] */
    const int8_t *stream = (const int8_t *)in[1]; /* of words */
    int8_t *y = (int8_t *)out[0];                 /* [batches][out_h][out_w][in_c] */

    depthwise_mve_run r;
    memset(&r, 0, sizeof r);
    r.x_step = p->dilation_w * p->in_c;
    r.in_zero = p->in_zero;
    r.group_bytes = DEPTHWISE_MVE_FACTOR_BYTES + p->kernel_h * p->kernel_w * DEPTHWISE_MVE_LANES;
    r.groups = p->in_c / DEPTHWISE_MVE_LANES;
    r.out_zero = p->out_zero;
    r.two_sided = p->two_sided;
    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->in_c) {
        for (int32_t oy = 0; oy < p->out_h; oy++) {
            for (int32_t ox = 0; ox < p->out_w; ox++, y += p->in_c) {
                depthwise_mve_place(p, &r, x, oy * p->stride_h - p->pad_h, ox * p->stride_w - p->pad_w);
                depthwise_mve_pixel(p, r, stream, y);
            }
        }
    }
}
