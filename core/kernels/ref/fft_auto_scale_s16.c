/* SPDX-License-Identifier: MIT
 *
 * SignalFftAutoScale: shifts all samples left by as many bits as the largest magnitude leaves free.
 */
#include "midge/kernel.h"
#include "signal_bits.h"

/* The largest magnitude. As in TFLM, -32768 has the magnitude -32768, which any later sample exceeds. */
static inline int32_t mdg_fft_auto_scale_max(const int16_t *x, int32_t count) {
    int32_t max = 0;
    for (int32_t i = 0; i < count; i++) {
        if (x[i] > max)
            max = x[i];
        else if (-x[i] > max)
            max = (int16_t)-x[i];
    }
    return max;
}

MDG_KERNEL void mdg_fft_auto_scale_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [count] */
    int16_t *y = (int16_t *)out[0];            /* [count] */
    int32_t *shift = (int32_t *)out[1];        /* [1] */

    const int32_t max = mdg_fft_auto_scale_max(x, p->count);
    *shift = max > 0 ? 15 - mdg_bit_length((uint32_t)max) : 0;
    for (int32_t i = 0; i < p->count; i++) y[i] = (int16_t)(x[i] * (1 << *shift));
}
