/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8, without groups: the windows of two outputs are gathered, then go through the matrix core
 * (mac.h).
 */
#include "midge/kernel.h"
#include "mac.h"
#include "window.h"

/* Where the next window is */
typedef struct conv2d_mve_at {
    const int8_t *picture;
    int32_t oy, y, x, x_end;  /* y, x: of the first tap */
    int32_t last_inside;      /* up to which x, from 0 on, all taps lie in the picture; -1: for none */
    int32_t run, line, pitch; /* bytes of a row of taps, of a row of the picture, between rows of taps */
} conv2d_mve_at;

static inline void conv2d_mve_set_row(const mdg_conv2d_mve_params *p, conv2d_mve_at *at, int32_t oy) {
    at->oy = oy;
    at->y = oy * p->stride_h - p->pad_h;
    at->x = -p->pad_w;
    const int is_inside =
        p->dilation_w == 1 && at->y >= 0 && at->y + (p->kernel_h - 1) * p->dilation_h < p->in_h;
    at->last_inside = is_inside && p->in_w >= p->kernel_w ? p->in_w - p->kernel_w : -1;
}

static inline conv2d_mve_at conv2d_mve_first(const mdg_conv2d_mve_params *p, const int8_t *x) {
    conv2d_mve_at at;
    at.picture = x;
    at.x_end = p->out_w * p->stride_w - p->pad_w;
    at.run = p->kernel_w * p->in_c;
    at.line = p->in_w * p->in_c;
    at.pitch = p->dilation_h * at.line;
    conv2d_mve_set_row(p, &at, 0);
    return at;
}

static inline void conv2d_mve_next(const mdg_conv2d_mve_params *p, conv2d_mve_at *at) {
    at->x += p->stride_w;
    if (at->x < at->x_end) return;
    const int is_last = at->oy + 1 == p->out_h;
    if (is_last) at->picture += p->in_h * at->line;
    conv2d_mve_set_row(p, at, is_last ? 0 : at->oy + 1);
}

/* A window that reaches out of the picture, or of scattered taps */
static inline void conv2d_mve_border(const mdg_conv2d_mve_params *p, const conv2d_mve_at *at, int8_t *to) {
    const mdg_mve_taps h = mdg_mve_taps_inside(at->y, p->kernel_h, p->dilation_h, p->in_h);
    const mdg_mve_taps w = mdg_mve_taps_inside(at->x, p->kernel_w, p->dilation_w, p->in_w);
    const int32_t columns = w.end - w.first, step = p->dilation_w * p->in_c;
    mdg_mve_fill(to, p->in_zero, p->kernel_h * at->run);
    if (h.end <= h.first || columns <= 0) return;
    const int32_t top = at->y + h.first * p->dilation_h, left = at->x + w.first * p->dilation_w;
    const int8_t *from = at->picture + (top * p->in_w + left) * p->in_c;
    const int32_t together = p->dilation_w == 1 ? columns : 1; /* taps that are copied at once */
    to += h.first * at->run + w.first * p->in_c;
    for (int32_t k = 0; k < columns; k += together, to += p->in_c, from += step)
        mdg_mve_copy_rows(to, from, together * p->in_c, h.end - h.first, at->run, at->pitch);
}

/* Rows of the window one after the other, the input's zero point where there is no picture */
static inline void conv2d_mve_gather(const mdg_conv2d_mve_params *p, const conv2d_mve_at *at, int8_t *to) {
    if (at->x < 0 || at->x > at->last_inside)
        conv2d_mve_border(p, at, to);
    else
        mdg_mve_copy_rows(to, at->picture + at->y * at->line + at->x * p->in_c, at->run, p->kernel_h, at->run,
                          at->pitch);
}

MDG_KERNEL void mdg_conv2d_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_mve_params *p = (const mdg_conv2d_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    int8_t *pair = (int8_t *)out[1];           /* scratch [2][depth], 15 bytes */

    const int32_t depth = p->kernel_h * p->kernel_w * p->in_c, outputs = p->batches * p->out_h * p->out_w;
    mdg_mve_mac m;
    mdg_mve_start(&m, w, depth, p->out_zero, p->two_sided);
    conv2d_mve_at at = conv2d_mve_first(p, x);
    m.from = m.x0 = pair;
    m.x1 = pair + depth;
    for (int32_t i = 0; i < outputs; i += 2, y += 2 * p->out_c) {
        const int32_t pixels = outputs - i > 1 ? 2 : 1;
        for (int32_t k = 0; k < pixels; k++, conv2d_mve_next(p, &at))
            conv2d_mve_gather(p, &at, pair + k * depth);
        mdg_mve_outputs(&m, p->out_c, y, pixels);
    }
}
