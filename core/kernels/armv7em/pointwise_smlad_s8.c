/* SPDX-License-Identifier: MIT
 *
 * CONV_2D of 1x1 on int8, stride 1: three pixels at a time through the matrix core (mac.h). in_c is a
 * multiple of 4, out_c of 2. The output may take the input's place if it is not wider: pixels are read before
 * anything behind them is written.
 */
#include "midge/kernel.h"
#include "mac.h"

MDG_KERNEL void mdg_pointwise_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_pointwise_smlad_params *p = (const mdg_pointwise_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [pixels][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [pixels][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [in_c / 4][6] */

    mdg_mac m = mdg_mac_start(panel, w, p->in_c, p->out_c, p->two_sided);
    for (int32_t left = p->pixels; left > 0; left -= 3) {
        const int8_t *pixel[3];
        pixel[0] = x;
        pixel[1] = left > 1 ? x + p->in_c : x;
        pixel[2] = left > 2 ? x + 2 * p->in_c : x;
        mdg_mac_spread(panel, pixel, p->in_c / 4);
        mdg_mac_pixels(&m, y, p->out_c, left);
        x += 3 * p->in_c;
        y += 3 * p->out_c;
    }
}
