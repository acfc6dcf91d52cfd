/* SPDX-License-Identifier: MIT
 *
 * CONV_2D of 1x1 on int8, stride 1, for processors without SIMD: four pixels at a time through the matrix
 * core (pairs.h). The output may take the input's place if it is not wider: pixels are read before anything
 * behind them is written.
 */
#include "midge/kernel.h"
#include "pairs.h"

MDG_KERNEL void mdg_pointwise_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pointwise_scalar_params *p = (const mdg_pointwise_scalar_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [pixels][in_c] */
    int8_t *y = (int8_t *)out[0];            /* [pixels][out_c] */
    uint32_t *panel = (uint32_t *)out[1];    /* scratch [in_c][2], and [4][out_c] bytes */

    mdg_pairs m;
    m.panel = panel;
    for (int32_t left = p->pixels; left > 0; left -= 4, x += 4 * p->in_c, y += 4 * p->out_c) {
        const int8_t *pixel[4];
        for (int32_t i = 0; i < 4; i++) pixel[i] = i < left ? x + i * p->in_c : x;
        uint32_t *end = mdg_pairs_spread(panel, pixel, p->in_c);
        mdg_pairs_start(&m, in, p->in_c, p->out_c, p->general);
        mdg_pairs_pixels(&m, y, (int8_t *)end, left);
    }
}
