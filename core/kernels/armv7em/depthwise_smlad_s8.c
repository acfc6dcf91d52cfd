/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 by depthwise_smlad.h; weights: a word of four channels for each tap.
 */
#include "depthwise_smlad.h"

static inline void depthwise_smlad_tap(mdg_depthwise_sums *s, uint32_t x, const int32_t *w, int32_t t) {
    mdg_depthwise_products(s, x, mdg_sxtb16((uint32_t)w[t]), mdg_sxtb16_odd((uint32_t)w[t]));
}

static inline void depthwise_smlad_row(mdg_depthwise_sums *s, const int8_t *x, const int32_t *w, int32_t taps,
                                       int32_t step) {
    do {
        depthwise_smlad_tap(s, mdg_load4(x), w++, 0);
        x += step;
    } while (--taps > 0);
}

MDG_KERNEL void mdg_depthwise_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const mdg_depthwise_core core = {depthwise_smlad_row, depthwise_smlad_tap, p->kernel_w, 0};
    mdg_depthwise(p, in, out, core);
}
