/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 without groups or dilation along rows, where a kernel row, kernel_w * in_c, is whole words:
 * as conv2d_narrow_smlad_s8, with its weights, but two outputs at a time, and rows are spread from where they
 * stand in the picture, which takes less than half of the scratch.
 */
#include "mac_two.h"
#include "narrow.h"

/* How many kernel rows from y on lie like this one: above, in or below the picture */
static inline int32_t conv2d_rows_alike(const mdg_conv2d_smlad_params *p, int32_t y) {
    if (y >= p->in_h) return p->kernel_h;
    return ((y < 0 ? -1 : p->in_h - 1) - y) / p->dilation_h + 1;
}

/* The window at `at`; border: for kernel rows that are not whole in the picture */
static inline void conv2d_rows_spread(const mdg_conv2d_smlad_params *p, uint32_t *panel,
                                      const mdg_conv_at *at, int8_t *border) {
    const uint32_t zeros = (uint32_t)(uint8_t)p->in_zero * 0x01010101u;
    const int32_t run = p->kernel_w * p->in_c, pitch = p->in_w * p->in_c, end = at->x + p->kernel_w;
    const int32_t first = at->x < 0 ? 0 : at->x, last = end < p->in_w ? end : p->in_w;
    const int32_t bytes = (last - first) * p->in_c; /* of each row in the picture; may be negative */
    const int8_t *picture = at->picture + first * p->in_c;
    if (bytes < run) mdg_narrow_fill(border, zeros, run);
    for (int32_t ky = 0, rows; ky < p->kernel_h; ky += rows) {
        const int32_t y = at->y + ky * p->dilation_h, alike = conv2d_rows_alike(p, y);
        const int8_t *from = border;
        int32_t step = 0;
        rows = alike < p->kernel_h - ky ? alike : p->kernel_h - ky;
        if (y < 0 || y >= p->in_h) {
            mdg_narrow_fill(border, zeros, run);
        } else if (bytes == run) {
            from = picture + y * pitch;
            step = p->dilation_h * pitch;
        } else {
            mdg_narrow_copy(border + (first - at->x) * p->in_c, picture + y * pitch, bytes);
            rows = 1;
        }
        panel = mdg_mac_two_spread(panel, from, run / 4, rows, step);
    }
}

MDG_KERNEL void mdg_conv2d_rows_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_smlad_params *p = (const mdg_conv2d_smlad_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];      /* scratch [depth / 4][4], a kernel row of bytes */

    int8_t *border = (int8_t *)(panel + p->depth);
    memset(panel, 0, 4 * (size_t)p->depth);
    const mdg_mac m = mdg_mac_two_start(panel, w, p);
    mdg_conv_at at = mdg_conv_first(p, x);
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 2) {
        for (int32_t i = 0; i < 2 && i < left; i++, mdg_conv_next(p, &at))
            conv2d_rows_spread(p, panel + 2 * i, &at, border);
        mdg_mac_two_pixels(&m, y, p->out_c, left);
        y += 2 * p->out_c;
    }
}
