/* SPDX-License-Identifier: MIT
 *
 * MEAN and SUM on int8 over a run of dimensions in front of the channels: as mean_s8, eight channels at a
 * time. Sums of up to 256 elements hold 16 bits.
 */
#include "midge/kernel.h"
#include "requantize.h"

enum { MEAN_MVE_LANES = 8 };

/* In the order in which the assembly loads it */
typedef struct mean_mve_factors {
    int32_t start; /* what the input's zero point adds to a sum */
    int32_t mult, shift, out_zero;
} mean_mve_factors;

/* The first `lanes` channels, at most 8, over n vectors that stand `step` bytes apart */
static inline void mean_mve_channels(const int8_t *x, int8_t *y, int32_t n, int32_t step, int32_t lanes,
                                     const mean_mve_factors *f) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("vctp.16 %3\n"
                     "vmov.i32 q3, #0\n"
                     "vmov.i32 q4, #0\n"
                     "1:\n"
                     "mov r8, %1\n"
                     "cmp r8, #256\n"
                     "it gt\n"
                     "movgt r8, #256\n"
                     "vmov.i32 q0, #0\n"
                     "dls lr, r8\n"
                     "2:\n"
                     "vpst\n"
                     "vldrbt.s16 q1, [%0]\n"
                     "add %0, %2\n"
                     "vadd.i16 q0, q0, q1\n"
                     "le lr, 2b\n"
                     "vmovlb.s16 q1, q0\n"
                     "vadd.i32 q3, q3, q1\n"
                     "vmovlt.s16 q1, q0\n"
                     "vadd.i32 q4, q4, q1\n"
                     "subs %1, r8\n"
                     "bne 1b\n"
                     "ldm %4, {r8-r11}\n"
                     "vadd.i32 q3, q3, r8\n"
                     "vadd.i32 q4, q4, r8\n"
                     "vqrdmulh.s32 q3, q3, r9\n"
                     "vqrdmulh.s32 q4, q4, r9\n"
                     "vshr.s32 q0, q3, #31\n"
                     "vshr.s32 q1, q4, #31\n"
                     "vadd.i32 q3, q3, q0\n"
                     "vadd.i32 q4, q4, q1\n"
                     "vrshl.s32 q3, r10\n"
                     "vrshl.s32 q4, r10\n"
                     "vqmovnb.s32 q0, q3\n"
                     "vqmovnt.s32 q0, q4\n"
                     "vqadd.s16 q0, q0, r11\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vpst\n"
                     "vstrbt.16 q0, [%5]\n"
                     : "+&r"(x), "+&r"(n)
                     : "r"(step), "r"(lanes), "r"(f), "l"(y)
                     : "r8", "r9", "r10", "r11", "lr", "q0", "q1", "q3", "q4", "cc", "memory");
#else
    for (int32_t c = 0; c < lanes; c++) {
        int32_t sum = f->start;
        for (int32_t i = 0; i < n; i++) sum += x[i * step + c];
        y[c] = mdg_mve_requantize(sum, f->mult, -f->shift, f->out_zero, 1);
    }
#endif
}

MDG_KERNEL void mdg_mean_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_mean_lanes_params *p = (const mdg_mean_lanes_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [outer][inputs][inner] */
    int8_t *y = (int8_t *)out[0];            /* [outer][inner] */

    const mean_mve_factors f = {-p->inputs * p->in_zero, p->mult, p->shift, p->out_zero};
    for (int32_t o = 0; o < p->outer; o++, x += p->inputs * p->inner, y += p->inner) {
        for (int32_t c = 0; c < p->inner; c += MEAN_MVE_LANES) {
            const int32_t left = p->inner - c, lanes = left < MEAN_MVE_LANES ? left : MEAN_MVE_LANES;
            mean_mve_channels(x + c, y + c, p->inputs, p->inner, lanes, &f);
        }
    }
}
