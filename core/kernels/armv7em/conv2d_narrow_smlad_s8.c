/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 for any in_c, without groups: as conv2d_smlad_s8, but windows are
 * gathered as bytes before they are spread, since their rows are no whole words. Made for first layers, which
 * have 1 or 3 channels.
 */
#include "conv_at.h"
#include "mac.h"

/* Both may write up to 3 bytes too many: what stands behind is written later. */
static inline int8_t *conv2d_narrow_fill(int8_t *to, uint32_t value, int32_t n) {
    for (int32_t i = 0; i < n; i += 4) mdg_store4(to + i, value);
    return to + n;
}

static inline void conv2d_narrow_words(int8_t *to, const int8_t *from, int32_t n) {
    const int8_t *const end = to + n;
    do {
        mdg_store4(to, mdg_load4(from));
        to += 4, from += 4;
    } while (to < end);
}

/* Reads no more than n bytes. */
static inline int8_t *conv2d_narrow_copy(int8_t *to, const int8_t *from, int32_t n) {
    for (; n >= 4; n -= 4, to += 4, from += 4) mdg_store4(to, mdg_load4(from));
    for (; n > 0; n--) *to++ = *from++;
    return to;
}

/* `taps` neighbours from (y, x) on, some of which may lie beside the picture */
static inline int8_t *conv2d_narrow_run(const mdg_conv2d_smlad_params *p, int8_t *to, const int8_t *picture,
                                        int32_t y, int32_t x, int32_t taps) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    if (y < 0 || y >= p->in_h) return conv2d_narrow_fill(to, zeros, taps * p->in_c);
    const int32_t from = x < 0 ? 0 : x, end = x + taps < p->in_w ? x + taps : p->in_w;
    if (from >= end) return conv2d_narrow_fill(to, zeros, taps * p->in_c);
    to = conv2d_narrow_fill(to, zeros, (from - x) * p->in_c);
    to = conv2d_narrow_copy(to, picture + (y * p->in_w + from) * p->in_c, (end - from) * p->in_c);
    return conv2d_narrow_fill(to, zeros, (x + taps - end) * p->in_c);
}

/* A window in the picture, with another row of a word below it: whole words may be read. */
static inline void conv2d_narrow_inside(const mdg_conv2d_smlad_params *p, int8_t *to, const mdg_conv_at *at) {
    const int32_t run = p->kernel_w * p->in_c, pitch = p->dilation_h * p->in_w * p->in_c;
    const int8_t *from = at->picture + (at->y * p->in_w + at->x) * p->in_c;
    for (int32_t ky = p->kernel_h; ky > 0; ky--, to += run, from += pitch) conv2d_narrow_words(to, from, run);
}

static inline void conv2d_narrow_gather(const mdg_conv2d_smlad_params *p, int8_t *to, const mdg_conv_at *at) {
    const int32_t runs = p->dilation_w == 1 ? 1 : p->kernel_w, taps = p->kernel_w / runs;
    const int has_row_below =
        at->y + (p->kernel_h - 1) * p->dilation_h + 1 < p->in_h && p->in_w * p->in_c >= 4;
    if (runs == 1 && has_row_below && mdg_conv_is_inside(p, at)) {
        conv2d_narrow_inside(p, to, at);
        return;
    }
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        const int32_t y = at->y + ky * p->dilation_h;
        for (int32_t i = 0; i < runs; i++)
            to = conv2d_narrow_run(p, to, at->picture, y, at->x + i * p->dilation_w, taps);
    }
}

MDG_KERNEL void mdg_conv2d_narrow_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [depth / 4][6], windows [3][depth], a word */

    int8_t *windows = (int8_t *)(panel + p->depth / 4 * 6);
    const int8_t *const pixel[3] = {windows, windows + p->depth, windows + 2 * p->depth};
    memset(windows, 0, (size_t)(3 * p->depth));
    mdg_mac m = mdg_mac_start(panel, w, p->depth, p->out_c, p->two_sided);
    mdg_conv_at at = mdg_conv_first(p, x);
#if defined(__ARM_FEATURE_SIMD32)
    __asm__("" : "+r"(y)); /* where y begins the arena, gcc would keep one register for both, and spill */
#endif
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 3) {
        for (int32_t i = 0; i < 3 && i < left; i++, mdg_conv_next(p, &at))
            conv2d_narrow_gather(p, windows + i * p->depth, &at);
        mdg_mac_spread(panel, pixel, p->depth / 4);
        mdg_mac_pixels(&m, y, p->out_c, left);
        y += 3 * p->out_c;
    }
}
