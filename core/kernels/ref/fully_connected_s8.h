/* SPDX-License-Identifier: MIT
 *
 * fully_connected_s8.h: FULLY_CONNECTED on int8, one scale for all weights, which have 8 bits or 4
 * (weights.h).
 *
 * y[b][oc] = clamp(requantize(bias[oc] + sum (x - x_zero) * (w - w_zero), mult, shift) + y_zero)
 */
#ifndef MDG_REF_FULLY_CONNECTED_S8_H
#define MDG_REF_FULLY_CONNECTED_S8_H

#include "midge/kernel.h"
#include "weights.h"

MDG_INLINE void mdg_fully_connected_s8_of(const mdg_fully_connected_params *p, const void *const *in,
                                          void *const *out, int bits) {
    const int8_t *x = (const int8_t *)in[0];           /* [batches][in_c] */
    const mdg_weights w = mdg_weights_of(in[1], bits); /* [out_c][in_c] */
    const int32_t *bias = (const int32_t *)in[2];      /* [out_c] or NULL */
    int8_t *y = (int8_t *)out[0];                      /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        mdg_weights row = w;
        for (int32_t oc = 0; oc < p->out_c; oc++, row = mdg_weights_from(row, p->in_c)) {
            int32_t sum = 0;
            for (int32_t c = 0; c < p->in_c; c++)
                sum += (int16_t)(x[c] - p->in_zero) * (int16_t)(mdg_weight(row, c) - p->filter_zero);
            if (bias) sum = mdg_wrapping_add(sum, bias[oc]);
            const int32_t q = mdg_requantize_to(sum, p->mult, p->shift, p->out_zero);
            *y++ = (int8_t)mdg_clamp(q, p->act_min, p->act_max);
        }
    }
}

#endif
