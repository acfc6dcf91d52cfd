/* SPDX-License-Identifier: MIT
 *
 * MAX_POOL_2D on int8, 16 channels at a time: as max_pool2d_s8, without the clamp.
 */
#include <string.h>

#include "pool.h"

enum { MAX_MVE_LANES = 16 };

/* The first n channels of a window, at most 16 */
static inline void max_mve_window(mdg_mve_window w, int8_t *y, int32_t n) {
#if defined(__ARM_FEATURE_MVE)
    __asm__ volatile("vctp.8 %6\n"
                     "vmov.i8 q0, #128\n"
                     "1:\n"
                     "dls lr, %2\n"
                     "2:\n"
                     "vpst\n"
                     "vldrbt.8 q1, [%0]\n"
                     "add %0, %3\n"
                     "vmax.s8 q0, q0, q1\n"
                     "le lr, 2b\n"
                     "add %0, %4\n"
                     "subs %1, #1\n"
                     "bne 1b\n"
                     "vpst\n"
                     "vstrbt.8 q0, [%5]\n"
                     : "+&r"(w.x), "+&r"(w.rows)
                     : "r"(w.columns), "r"(w.step), "r"(w.back), "r"(y), "r"(n)
                     : "lr", "q0", "q1", "cc", "memory");
#else
    int8_t max[MAX_MVE_LANES]; /* the output may lie where the window is */
    memset(max, -128, sizeof max);
    for (; w.rows > 0; w.rows--, w.x += w.back)
        for (int32_t k = 0; k < w.columns; k++, w.x += w.step)
            for (int32_t c = 0; c < n; c++) max[c] = w.x[c] > max[c] ? w.x[c] : max[c];
    memcpy(y, max, (size_t)n);
#endif
}

MDG_KERNEL void mdg_max_pool2d_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pool2d_params *p = (const mdg_pool2d_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][channels] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][channels] */

    for (int32_t o = 0; o < p->batches * p->out_h * p->out_w; o++, y += p->channels) {
        mdg_mve_window w = mdg_mve_pool_window(p, x, o);
        for (int32_t c = 0; c < p->channels; c += MAX_MVE_LANES, w.x += MAX_MVE_LANES) {
            const int32_t left = p->channels - c;
            max_mve_window(w, y + c, left < MAX_MVE_LANES ? left : MAX_MVE_LANES);
        }
    }
}
