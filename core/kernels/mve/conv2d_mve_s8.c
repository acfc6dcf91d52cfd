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
    int32_t oy, ox;
} conv2d_mve_at;

/* Gathers the next window and moves on. */
static inline void conv2d_mve_next(const mdg_conv2d_mve_params *p, conv2d_mve_at *at, int8_t *to) {
    mdg_mve_gather(p, to, at->picture, at->oy * p->stride_h - p->pad_h, at->ox * p->stride_w - p->pad_w);
    if (++at->ox < p->out_w) return;
    at->ox = 0;
    if (++at->oy < p->out_h) return;
    at->oy = 0;
    at->picture += p->in_h * p->in_w * p->in_c;
}

MDG_KERNEL void mdg_conv2d_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_mve_params *p = (const mdg_conv2d_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][in_c] */
    const int32_t *w = (const int32_t *)in[1]; /* stream */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][out_c] */
    int8_t *pair = (int8_t *)out[1];           /* scratch [2][depth], 15 bytes */

    const int32_t depth = p->kernel_h * p->kernel_w * p->in_c;
    mdg_mve_mac m = mdg_mve_start(depth, p->out_zero, p->two_sided);
    conv2d_mve_at at;
    at.picture = x;
    at.oy = at.ox = 0;
    m.x0 = pair;
    m.x1 = pair + depth;
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 2, y += 2 * p->out_c) {
        conv2d_mve_next(p, &at, pair);
        if (left > 1) conv2d_mve_next(p, &at, pair + depth);
        mdg_mve_outputs(&m, w, p->out_c, y, left);
    }
}
