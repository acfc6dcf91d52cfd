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
    register const int8_t *r0 __asm__("r0") = a;
    register const int8_t *r1 __asm__("r1") = b;
    register int8_t *r2 __asm__("r2") = y;
    register const mdg_add_mve_params *r12 __asm__("r12") = p;
    __asm__ volatile("ldm r12, {r3-r6, r8-r11, lr}\n" /* in the order of the parameters */
                     "mov r12, lr\n"
                     "mov lr, r3\n"
                     "mov r3, #0x80000\n" /* a's scale */
                     "rsb r9, #0\n"
                     "rsb r11, #0\n"
                     "wlstp.32 lr, lr, 2f\n"
                     "1:\n"
                     "vldrb.s32 q0, [r1], #4\n"
                     "vldrb.s32 q1, [r0], #4\n"
                     "vshl.s32 q0, r5\n"
                     "vadd.i32 q0, q0, r6\n"
                     "vqrdmulh.s32 q0, q0, r8\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vrshl.s32 q0, r9\n"
                     "vmla.s32 q0, q1, r3\n"
                     "vadd.i32 q0, q0, r4\n"
                     "vqrdmulh.s32 q0, q0, r10\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vrshl.s32 q0, r11\n"
                     "vqmovnb.s32 q0, q0\n"
                     "vqadd.s16 q0, q0, r12\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vstrb.32 q0, [r2], #4\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : "+r"(r0), "+r"(r1), "+r"(r2), "+r"(r12)
                     :
                     : "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "lr", "q0", "q1", "q2", "memory");
#else
    for (int32_t i = 0; i < p->count; i++) y[i] = add_mve_element(p, a[i], b[i]);
#endif
}
