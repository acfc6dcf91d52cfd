/* SPDX-License-Identifier: MIT
 *
 * fully_connected_s16.h: FULLY_CONNECTED on int16 with int8 weights, one scale for all weights or one for
 * each channel.
 *
 * y[b][oc] = clamp(requantize(bias[oc] + sum (x - x_zero) * (w - w_zero), mult, shift) + y_zero)
 */
#ifndef MDG_REF_FULLY_CONNECTED_S16_H
#define MDG_REF_FULLY_CONNECTED_S16_H

#include "midge/kernel.h"
#include "s16_util.h"

static inline void mdg_fully_connected_s16(const mdg_fully_connected_params *p, const void *const *in,
                                           void *const *out, int bias_bits) {
    const int16_t *x = (const int16_t *)in[0];     /* [batches][in_c] */
    const int8_t *w = (const int8_t *)in[1];       /* [out_c][in_c] */
    const int32_t *mult = (const int32_t *)in[3];  /* [out_c], or NULL: those of the parameters */
    const int32_t *shift = (const int32_t *)in[4]; /* [out_c] where mult is not NULL */
    int16_t *y = (int16_t *)out[0];                /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const int8_t *row = w;
        for (int32_t oc = 0; oc < p->out_c; oc++, row += p->in_c) {
            int64_t sum = 0;
            for (int32_t c = 0; c < p->in_c; c++) sum += (x[c] - p->in_zero) * (row[c] - p->filter_zero);
            const int32_t q = mdg_rescale_s16(sum, in[2], bias_bits, oc, mult ? mult[oc] : p->mult,
                                              mult ? shift[oc] : p->shift);
            *y++ = (int16_t)mdg_clamp(mdg_wrapping_add(q, p->out_zero), p->act_min, p->act_max);
        }
    }
}

#endif
