/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8 with clustered weights (lut.h): four rows at a time are decoded to what dense.h
 * reads. The stream holds for 4 rows: 4 biases | for 4 inputs the places of a and b, those of c and d | ...
 */
#include "fully_connected_smlad.h"
#include "dense.h"
#include "lut.h"

/* Returns the stream behind the rows. */
static inline const int32_t *fully_connected_lut_rows(int32_t *to, const int32_t *w, int32_t n,
                                                      const uint16_t *pair) {
    for (int32_t i = 0; i < 4; i++) *to++ = *w++;
    for (; n > 0; n -= 4, w += 2) {
        *to++ = mdg_lut_even(pair, (uint32_t)w[0]);
        *to++ = mdg_lut_even(pair, (uint32_t)w[1]);
        *to++ = mdg_lut_odd(pair, (uint32_t)w[0]);
        *to++ = mdg_lut_odd(pair, (uint32_t)w[1]);
    }
    return w;
}

MDG_KERNEL void mdg_fully_connected_smlad_s8_lut(const void *params, const void *const *in,
                                                 void *const *out) {
    const mdg_fully_connected_smlad_params *p = (const mdg_fully_connected_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    const int32_t *q = (const int32_t *)in[2]; /* requantisation: [out_c or 1][3] */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_c] */
    uint16_t *pair = (uint16_t *)out[1];       /* scratch: [256] halves, four rows */
    int32_t *rows = (int32_t *)(void *)(pair + MDG_LUT_PAIRS);

    mdg_lut_pairs(pair, (const int8_t *)in[3]);
    for (int32_t c = 0; c < p->out_c; c += 4, q += 4 * p->requant_step) {
        const int32_t count = p->out_c - c < 4 ? p->out_c - c : 4;
        w = fully_connected_lut_rows(rows, w, p->in_c, pair);
        for (int32_t b = 0; b < p->batches; b++) {
            int32_t sum[4];
            mdg_dense_sums(x + b * p->in_c, rows, p->in_c, p->chunk, sum);
            for (int32_t i = 0; i < count; i++)
                y[b * p->out_c + c + i] =
                    mdg_fully_connected_smlad_requantize(sum[i], q + i * p->requant_step);
        }
    }
}
