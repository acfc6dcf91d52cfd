/* SPDX-License-Identifier: MIT
 *
 * AVERAGE_POOL_2D on int8, windows of at most 256 elements, whose sums fit 16 bits: eight channels at a time.
 * As average_pool2d_s8, without the clamp.
 */
#include "pool.h"

enum { AVERAGE_MVE_LANES = 8 };

/* Sums of the first n channels of a window, at most 8 */
static inline void average_mve_sum(mdg_mve_window w, int16_t sum[AVERAGE_MVE_LANES], int32_t n) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("vctp.16 %6\n"
                     "vmov.i32 q0, #0\n"
                     "1:\n"
                     "dls lr, %2\n"
                     "2:\n"
                     "vpst\n"
                     "vldrbt.s16 q1, [%0]\n"
                     "add %0, %3\n"
                     "vadd.i16 q0, q0, q1\n"
                     "le lr, 2b\n"
                     "add %0, %4\n"
                     "subs %1, #1\n"
                     "bne 1b\n"
                     "vstrh.16 q0, [%5]\n"
                     : "+&r"(w.x), "+&r"(w.rows)
                     : "r"(w.columns), "r"(w.step), "r"(w.back), "r"(sum), "r"(n)
                     : "lr", "q0", "q1", "cc", "memory");
#else
    for (int32_t c = 0; c < AVERAGE_MVE_LANES; c++) sum[c] = 0;
    for (; w.rows > 0; w.rows--, w.x += w.back)
        for (int32_t k = 0; k < w.columns; k++, w.x += w.step)
            for (int32_t c = 0; c < n; c++) sum[c] = (int16_t)(sum[c] + w.x[c]);
#endif
}

static inline int8_t average_mve_divide(int32_t sum, int32_t count) {
    return (int8_t)((sum > 0 ? sum + count / 2 : sum - count / 2) / count);
}

MDG_KERNEL void mdg_average_pool2d_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][channels] */

    for (int32_t o = 0; o < p->batches * p->out_h * p->out_w; o++, y += p->channels) {
        mdg_mve_window w = mdg_mve_pool_window(p, x, o);
        int16_t sum[AVERAGE_MVE_LANES];
        for (int32_t c = 0; c < p->channels; c += AVERAGE_MVE_LANES, w.x += AVERAGE_MVE_LANES) {
            const int32_t left = p->channels - c, n = left < AVERAGE_MVE_LANES ? left : AVERAGE_MVE_LANES;
            average_mve_sum(w, sum, n);
            for (int32_t i = 0; i < n; i++) y[c + i] = average_mve_divide(sum[i], w.rows * w.columns);
        }
    }
}
