/* SPDX-License-Identifier: MIT
 *
 * ADD on int8, element by element, without broadcasting, four at a time. Operand a has the larger scale,
 * which the reference multiplies by one half exactly, so that it needs no rounding.
 */
#include "midge/kernel.h"
#include "requantize.h"

enum { ADD_MVE_A_SCALE = 1 << 19 };

static inline int8_t add_mve_element(const mdg_add_mve_params *p, int32_t a, int32_t b) {
    const int32_t product = mdg_rounding_doubling_high_mul(b * (1 << p->b_left) + p->b_start, p->b_mult);
    const int32_t scaled = mdg_mve_rounding_shift(product + (product >> 31), p->b_right);
    return mdg_mve_requantize(a * ADD_MVE_A_SCALE + p->a_start + scaled, p->mult, p->right, p->out_zero, 1);
}

/* long: a loop in assembly, and its set-up */
MDG_KERNEL void mdg_add_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_add_mve_params *p = (const mdg_add_mve_params *)params;
    const int8_t *a = (const int8_t *)in[0]; /* [count] */
    const int8_t *b = (const int8_t *)in[1]; /* [count] */
    int8_t *y = (int8_t *)out[0];            /* [count] */

#if defined(__ARM_FEATURE_MVE)
    const int32_t b_right = -p->b_right, right = -p->right;
    register int32_t count __asm__("lr") = p->count;
    __asm__ volatile("wlstp.32 lr, lr, 2f\n"
                     "1:\n"
                     "vldrb.s32 q0, [%[b]], #4\n"
                     "vldrb.s32 q1, [%[a]], #4\n"
                     "vshl.s32 q0, %[b_left]\n"
                     "vadd.i32 q0, q0, %[b_start]\n"
                     "vqrdmulh.s32 q0, q0, %[b_mult]\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vrshl.s32 q0, %[b_right]\n"
                     "vmla.s32 q0, q1, %[a_scale]\n"
                     "vadd.i32 q0, q0, %[a_start]\n"
                     "vqrdmulh.s32 q0, q0, %[mult]\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vrshl.s32 q0, %[right]\n"
                     "vqmovnb.s32 q0, q0\n"
                     "vqadd.s16 q0, q0, %[zero]\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vstrb.32 q0, [%[y]], #4\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : [a] "+&r"(a), [b] "+&r"(b), [y] "+&r"(y), "+&r"(count)
                     : [b_left] "r"(p->b_left), [b_start] "r"(p->b_start), [b_mult] "r"(p->b_mult),
                       [b_right] "r"(b_right), [a_scale] "r"(ADD_MVE_A_SCALE), [a_start] "r"(p->a_start),
                       [mult] "r"(p->mult), [right] "r"(right), [zero] "r"(p->out_zero)
                     : "q0", "q1", "q2", "memory");
#else
    for (int32_t i = 0; i < p->count; i++) y[i] = add_mve_element(p, a[i], b[i]);
#endif
}
