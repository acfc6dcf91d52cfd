/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 by depthwise_smlad.h; weights: a word of four channels for each tap.
 */
#include "depthwise_smlad.h"

MDG_INLINE uint32_t depthwise_smlad_next(const int32_t **w, uint32_t before, int32_t t) {
    (void)before, (void)t;
    *w += 1;
    return (uint32_t)(*w)[-1];
}

MDG_INLINE void depthwise_smlad_add(mdg_depthwise_sums *s, uint32_t x, uint32_t w) {
    mdg_depthwise_products(s, x, mdg_sxtb16(w), mdg_sxtb16_odd(w));
}

MDG_INLINE void depthwise_smlad_row(mdg_depthwise_sums *s, const int8_t *x, const int32_t *w, int32_t taps,
                                    int32_t step) {
    do {
        depthwise_smlad_add(s, mdg_load4(x), (uint32_t)*w++);
        x += step;
    } while (--taps > 0);
}

MDG_KERNEL void mdg_depthwise_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const mdg_depthwise_core core = {depthwise_smlad_row, depthwise_smlad_next, depthwise_smlad_add,
                                     p->kernel_w, 0};
    mdg_depthwise(p, in, out, core);
}
