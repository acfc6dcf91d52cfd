/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8 for processors without SIMD: four outputs at a time.
 *
 * Weights stand as w + 128, from 0 to 255, since ARMv6-M loads such bytes from any near place with one
 * instruction; what that adds to each sum is 128 times the sum of the inputs.
 */
#include "midge/kernel.h"
#include "../../simd32.h"
#include "../armv6m/dense_run.h"
#include "requantize.h"

enum { DENSE_UNROLL = 8, DENSE_INPUT_BYTES = 26 }; /* of the loop over inputs in assembly */

/* Four sums; the assembly knows where fields stand. */
typedef struct dense_scalar {
    int32_t sum[4];
    const int8_t *x;  /* of the first input, less what the first round of the unrolled loop leaves out */
    const uint8_t *w; /* [n][4], likewise */
    const uint8_t *w_end;
    int32_t entry; /* bytes of code that the first round leaves out */
} dense_scalar;

/* Adds n products to each sum. */
static MDG_NOINLINE void dense_scalar_add(dense_scalar *s, const int8_t *x, const uint8_t *w, int32_t n) {
#if defined(__ARM_ARCH_6M__)
    const int32_t skip = -n & (DENSE_UNROLL - 1), is_second_half = skip >= DENSE_UNROLL / 2;
    s->x = x - skip + (is_second_half ? DENSE_UNROLL / 2 : 0);
    s->w = w - 4 * skip;
    s->w_end = w + 4 * n;
    s->entry = skip * DENSE_INPUT_BYTES + (is_second_half ? 2 : 0);
    register dense_scalar *r0 __asm__("r0") = s;
    __asm__ volatile(MDG_ARMV6M_DENSE
                     : "+r"(r0)
                     :
                     : "r1", "r2", "r3", "r4", "r5", "r6", "r8", "r9", "r10", "r11", "r12", "cc", "memory");
#else
    int32_t a = s->sum[0], b = s->sum[1], c = s->sum[2], d = s->sum[3];
    for (int32_t i = 0; i < n; i++, w += 4) {
        a = mdg_wrapping_add(a, x[i] * w[0]);
        b = mdg_wrapping_add(b, x[i] * w[1]);
        c = mdg_wrapping_add(c, x[i] * w[2]);
        d = mdg_wrapping_add(d, x[i] * w[3]);
    }
    s->sum[0] = a, s->sum[1] = b, s->sum[2] = c, s->sum[3] = d;
#endif
}

MDG_KERNEL void mdg_fully_connected_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_fully_connected_scalar_params *p = (const mdg_fully_connected_scalar_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_c] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const uint8_t *w = (const uint8_t *)in[1];       /* [out_c / 4, rounded up][in_c][4] */
        const int32_t *bias = (const int32_t *)in[2];    /* [out_c, rounded up to a multiple of 4] */
        const int32_t *factors = (const int32_t *)in[3]; /* [out_c or 1][2] */
        int32_t inputs = 0;
        for (int32_t i = 0; i < p->in_c; i++) inputs += x[i];
        for (int32_t left = p->out_c; left > 0; left -= 4, w += 4 * p->in_c) {
            dense_scalar s;
            for (int32_t i = 0; i < 4; i++) s.sum[i] = mdg_wrapping_sub(*bias++, 128 * inputs);
            dense_scalar_add(&s, x, w, p->in_c);
            for (int32_t i = 0; i < 4 && i < left; i++, factors += p->factor_step) {
                const mdg_scalar_factors f = mdg_scalar_factors_of(factors);
                *y++ = mdg_scalar_requantize(s.sum[i], &f, 1);
            }
        }
    }
}
