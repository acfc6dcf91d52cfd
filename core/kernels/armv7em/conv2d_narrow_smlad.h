/* SPDX-License-Identifier: MIT
 *
 * conv2d_narrow_smlad.h: CONV_2D on int8 for any in_c, without groups: as conv2d_smlad_s8, but windows are
 * gathered as bytes before they are spread, since their rows are no whole words. Made for first layers, which
 * have 1 or 3 channels.
 */
#ifndef MDG_ARMV7EM_CONV2D_NARROW_SMLAD_H
#define MDG_ARMV7EM_CONV2D_NARROW_SMLAD_H
#include "mac.h"
#include "mac_spread.h"
#include "narrow.h"

static inline void mdg_conv2d_narrow_smlad(const mdg_conv2d_smlad_params *p, const void *const *in,
                                           void *const *out, mdg_mac_core core) {
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [depth / 4][6], windows [3][depth], a word */

    int8_t *windows = (int8_t *)(panel + p->depth / 4 * 6);
    const int8_t *const pixel[3] = {windows, windows + p->depth, windows + 2 * p->depth};
    memset(windows, 0, (size_t)(3 * p->depth));
    mdg_mac m = core.start(panel, w, p->depth, p->out_c, p->two_sided);
    mdg_conv_at at = mdg_conv_first(p, x);
#if defined(__ARM_FEATURE_SIMD32)
    __asm__("" : "+r"(y)); /* where y begins the arena, gcc would keep one register for both, and spill */
#endif
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 3) {
        for (int32_t i = 0; i < 3 && i < left; i++, mdg_conv_next(p, &at))
            mdg_narrow_gather(p, windows + i * p->depth, &at);
        mdg_mac_spread(panel, pixel, p->depth / 4);
        mdg_mac_pixels(&m, core.run, y, p->out_c, left);
        y += 3 * p->out_c;
    }
}

#endif
