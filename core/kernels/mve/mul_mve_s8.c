/* SPDX-License-Identifier: MIT
 *
 * MUL on int8, with broadcasting along all dimensions but the last, four elements at a time: as mul_s8,
 * without the clamp.
 */
#include "midge/kernel.h"
#include "../ref/broadcast.h"
#include "requantize.h"

static inline void mul_mve_row(const mdg_mul_mve_params *p, const int8_t *a, const int8_t *b, int8_t *y,
                               int32_t n) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("ldm %4, {r8-r12}\n" /* in the order of the parameters */
                     "rsb r12, #0\n"
                     "wlstp.32 lr, %3, 2f\n"
                     "1:\n"
                     "vldrb.s32 q0, [%0], #4\n"
                     "vldrb.s32 q1, [%1], #4\n"
                     "vsub.i32 q0, q0, r8\n"
                     "vsub.i32 q1, q1, r9\n"
                     "vmul.i32 q0, q0, q1\n"
                     "vqrdmulh.s32 q0, q0, r11\n"
                     "vshr.s32 q2, q0, #31\n"
                     "vadd.i32 q0, q0, q2\n"
                     "vrshl.s32 q0, r12\n"
                     "vqmovnb.s32 q0, q0\n"
                     "vqadd.s16 q0, q0, r10\n"
                     "vqmovnb.s16 q0, q0\n"
                     "vstrb.32 q0, [%2], #4\n"
                     "letp lr, 1b\n"
                     "2:\n"
                     : "+&l"(a), "+&l"(b), "+&l"(y)
                     : "l"(n), "l"(&p->a_zero)
                     : "r8", "r9", "r10", "r11", "r12", "lr", "q0", "q1", "q2", "memory");
#else
    for (int32_t i = 0; i < n; i++)
        y[i] = mdg_mve_requantize((a[i] - p->a_zero) * (b[i] - p->b_zero), p->mult, p->right, p->out_zero, 1);
#endif
}

MDG_KERNEL void mdg_mul_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_mul_mve_params *p = (const mdg_mul_mve_params *)params;
    const int8_t *a = (const int8_t *)in[0]; /* a_stride and b_stride end with 1 */
    const int8_t *b = (const int8_t *)in[1];
    int8_t *y = (int8_t *)out[0]; /* [rows][n] */

    const int32_t outer = p->rank - 1, n = p->dim[outer], rows = mdg_broadcast_rows(p->dim, outer);
    for (int32_t row = 0; row < rows; row++, y += n)
        mul_mve_row(p, a + mdg_broadcast_offset(p->dim, p->a_stride, outer, row),
                    b + mdg_broadcast_offset(p->dim, p->b_stride, outer, row), y, n);
}
