/* SPDX-License-Identifier: MIT
 *
 * SignalDelay: each row comes out `delay` samples later, zeros first.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_delay_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_delay_params *p = (const mdg_delay_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [rows][size] */
    int16_t *y = (int16_t *)out[0];            /* [rows][size] */
    int16_t *held = (int16_t *)out[1];         /* [rows][delay] */

    const int32_t n = p->size, delay = p->delay;
    for (int32_t row = 0; row < p->rows; row++, x += n, y += n, held += delay) {
        for (int32_t i = 0; i < n; i++) y[i] = i < delay ? held[i] : x[i - delay];
        for (int32_t i = 0; i < delay; i++) held[i] = i + n < delay ? held[i + n] : x[i + n - delay];
    }
}
