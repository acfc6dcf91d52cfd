/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 by conv2d_smlad.h, with clustered weights; out_c is even.
 */
#include "midge/kernel.h"
#include "mac8.h"
#include "mac_lut.h"
#include "conv2d_smlad.h"

MDG_KERNEL void mdg_conv2d_smlad_s8_lut(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];
    int8_t *y = (int8_t *)out[0];
    uint32_t *panel = (uint32_t *)out[1];

    mdg_mac m = mdg_mac_start(panel, (const int32_t *)in[1], p->depth, p->out_c, p->two_sided);
    mdg_mac_lut l = mdg_mac_lut_start(&m, (const int8_t *)in[2], (uint16_t *)out[2], p->depth,
                                      ((const mdg_conv2d_lut_params *)params)->block);
    for (int32_t c = 0; c < p->out_c; c += 2 * l.pairs) {
        mdg_mac_lut_next(&l, &m, (p->out_c - c) / 2);
        mdg_conv2d_smlad_pixels(p, x, y + c, &m, panel, mdg_mac_run);
    }
}
