/* SPDX-License-Identifier: MIT
 *
 * fully_connected_smlad.h: FULLY_CONNECTED on int8, four outputs at a time, by the sums of dense.h or
 * dense4.h.
 */
#ifndef MDG_ARMV7EM_FULLY_CONNECTED_SMLAD_H
#define MDG_ARMV7EM_FULLY_CONNECTED_SMLAD_H

#include "midge/kernel.h"
#include "../../simd32.h"

/* Sums of four rows over n inputs; returns the stream behind them. */
typedef const int32_t *mdg_dense_sums_fn(const int8_t *x, const int32_t *w, int32_t n, int32_t chunk,
                                         int32_t sum[4]);

static inline int8_t mdg_fully_connected_smlad_requantize(int32_t sum, const int32_t q[3]) {
    return (int8_t)mdg_ssat8(mdg_smmlar(mdg_shift_left(sum, 1), q[0], mdg_wrapping_add(q[1], sum >> 31)) >>
                             q[2]);
}

static inline void mdg_fully_connected_smlad(const mdg_fully_connected_smlad_params *p, const void *const *in,
                                             void *const *out, mdg_dense_sums_fn *sums) {
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_c] */
    const int32_t *stream = (const int32_t *)in[1];
    const int32_t *requant = (const int32_t *)in[2]; /* [out_c or 1][3]: multiplier, offset, shift */
    int8_t *y = (int8_t *)out[0];                    /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const int32_t *w = stream, *q = requant;
        for (int32_t left = p->out_c; left > 0; left -= 4) {
            int32_t sum[4];
            w = sums(x, w, p->in_c, p->chunk, sum);
            for (int32_t i = 0; i < 4 && i < left; i++, q += p->requant_step)
                *y++ = mdg_fully_connected_smlad_requantize(sum[i], q);
        }
    }
}

#endif
