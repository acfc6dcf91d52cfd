/* SPDX-License-Identifier: MIT
 *
 * SignalWindow: y = clamp((x * window) >> shift), the window again for each row.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_window_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_window_params *p = (const mdg_window_params *)params;
    const int16_t *x = (const int16_t *)in[0];      /* [rows][size] */
    const int16_t *window = (const int16_t *)in[1]; /* [size] */
    int16_t *y = (int16_t *)out[0];                 /* [rows][size] */

    for (int32_t row = 0; row < p->rows; row++, x += p->size, y += p->size) {
        for (int32_t i = 0; i < p->size; i++)
            y[i] = (int16_t)mdg_clamp((x[i] * window[i]) >> p->shift, INT16_MIN, INT16_MAX);
    }
}
