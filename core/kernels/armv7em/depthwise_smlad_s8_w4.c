/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 by depthwise_smlad.h, with weights of 4 bits: a word of four channels for each
 * two taps of a row. Its halves hold, from the top, channels 0 and 2 of the first tap, 1 and 3, the same of
 * the second. One AND brings two channels' weights to the tops of the halves: sums are 4096 times as large,
 * and hold 20 bits, which the desktop has seen to.
 */
#include "depthwise_smlad.h"

/* w: the word, moved up to the tap */
MDG_INLINE void depthwise_smlad_add4(mdg_depthwise_sums *s, uint32_t x, uint32_t w) {
    const uint32_t mask = 0xF000F000u;
    mdg_depthwise_products(s, x, w & mask, w << 4 & mask);
}

MDG_INLINE uint32_t depthwise_smlad_next4(const int32_t **w, uint32_t before, int32_t t) {
    if (t & 1) return before << 8;
    *w += 1;
    return (uint32_t)(*w)[-1];
}

MDG_INLINE void depthwise_smlad_row4(mdg_depthwise_sums *s, const int8_t *x, const int32_t *w, int32_t taps,
                                     int32_t step) {
    for (; taps > 1; taps -= 2, x += 2 * step, w++) {
        depthwise_smlad_add4(s, mdg_load4(x), (uint32_t)*w);
        depthwise_smlad_add4(s, mdg_load4(x + step), (uint32_t)*w << 8);
    }
    if (taps) depthwise_smlad_add4(s, mdg_load4(x), (uint32_t)*w);
}

MDG_KERNEL void mdg_depthwise_smlad_s8_w4(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const mdg_depthwise_core core = {depthwise_smlad_row4, depthwise_smlad_next4, depthwise_smlad_add4,
                                     (p->kernel_w + 1) / 2, 12};
    mdg_depthwise(p, in, out, core);
}
