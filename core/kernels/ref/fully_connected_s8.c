/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8, one scale for all weights.
 *
 * y[b][oc] = clamp(requantize(bias[oc] + sum (x - x_zero) * (w - w_zero), mult, shift) + y_zero)
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_fully_connected_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_fully_connected_params *p = (const mdg_fully_connected_params *)params;
    const int8_t *x = (const int8_t *)in[0];      /* [batches][in_c] */
    const int8_t *w = (const int8_t *)in[1];      /* [out_c][in_c] */
    const int32_t *bias = (const int32_t *)in[2]; /* [out_c] or NULL */
    int8_t *y = (int8_t *)out[0];                 /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const int8_t *row = w;
        for (int32_t oc = 0; oc < p->out_c; oc++, row += p->in_c) {
            int32_t sum = 0;
            for (int32_t c = 0; c < p->in_c; c++)
                sum += (int16_t)(x[c] - p->in_zero) * (int16_t)(row[c] - p->filter_zero);
            if (bias) sum = mdg_wrapping_add(sum, bias[oc]);
            const int32_t q = mdg_requantize_to(sum, p->mult, p->shift, p->out_zero);
            *y++ = (int8_t)mdg_clamp(q, p->act_min, p->act_max);
        }
    }
}
