/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 for any in_c, without groups, out_c a multiple of 2: as conv2d_smlad_s8, but windows are
 * gathered as bytes before they are spread, since their rows are no whole words. Made for first layers, which
 * have 1 or 3 channels.
 */
#include "conv_at.h"
#include "mac.h"

static inline int8_t *conv2d_narrow_copy(int8_t *to, const int8_t *from, int32_t n) {
    for (; n >= 4; n -= 4, to += 4, from += 4) mdg_store4(to, mdg_load4(from));
    for (; n > 0; n--) *to++ = *from++;
    return to;
}

static inline int8_t *conv2d_narrow_fill(int8_t *to, int32_t value, int32_t n) {
    for (; n > 0; n--) *to++ = (int8_t)value;
    return to;
}

/* `taps` neighbours from (y, x) on, some of which may lie beside the picture */
static inline int8_t *conv2d_narrow_run(const mdg_conv2d_smlad_params *p, int8_t *to, const int8_t *picture,
                                        int32_t y, int32_t x, int32_t taps) {
    int32_t before = x < 0 ? -x : 0;
    int32_t behind = x + taps > p->in_w ? x + taps - p->in_w : 0;
    if (y < 0 || y >= p->in_h || before > taps) before = taps;
    if (behind > taps - before) behind = taps - before;
    to = conv2d_narrow_fill(to, p->in_zero, before * p->in_c);
    to = conv2d_narrow_copy(to, picture + (y * p->in_w + x + before) * p->in_c,
                            (taps - before - behind) * p->in_c);
    return conv2d_narrow_fill(to, p->in_zero, behind * p->in_c);
}

static inline void conv2d_narrow_gather(const mdg_conv2d_smlad_params *p, int8_t *to, const mdg_conv_at *at) {
    const int32_t runs = p->dilation_w == 1 ? 1 : p->kernel_w, taps = p->kernel_w / runs;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        for (int32_t i = 0; i < runs; i++) {
            to = conv2d_narrow_run(p, to, at->picture, at->y + ky * p->dilation_h, at->x + i * p->dilation_w,
                                   taps);
        }
    }
}

MDG_KERNEL void mdg_conv2d_narrow_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [depth / 4][6], and windows [3][depth] */

    int8_t *windows = (int8_t *)(panel + p->depth / 4 * 6);
    const int8_t *const pixel[3] = {windows, windows + p->depth, windows + 2 * p->depth};
    memset(windows, 0, (size_t)(3 * p->depth));
    mdg_mac m = mdg_mac_start(panel, w, p->depth, p->out_c, p->two_sided);
    mdg_conv_at at = mdg_conv_first(p, x);
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 3) {
        for (int32_t i = 0; i < 3 && i < left; i++, mdg_conv_next(p, &at))
            conv2d_narrow_gather(p, windows + i * p->depth, &at);
        mdg_mac_spread(panel, pixel, p->depth / 4);
        mdg_mac_pixels(&m, y, p->out_c, left);
        y += 3 * p->out_c;
    }
}
