/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 without groups, for processors without SIMD: four outputs at a time through the matrix core
 * (pairs.h).
 *
 * Windows are spread run by run: a run is a row of taps, or one tap where taps are apart. A run that lies in
 * the padding in part is put together in a buffer first.
 */
#include "midge/kernel.h"
#include "pairs.h"

/* The window of one output: its first tap's place, which may lie in the padding, in one picture */
typedef struct conv2d_scalar_at {
    const int8_t *picture; /* [in_h][in_w][in_c] */
    int32_t y, x;          /* of the first tap */
    int32_t oy, ox;        /* of the output */
} conv2d_scalar_at;

/* To the next output: along the row, the next row, the next picture */
static inline void conv2d_scalar_next(const mdg_conv2d_scalar_params *p, conv2d_scalar_at *at) {
    at->x += p->stride_w;
    if (++at->ox < p->out_w) return;
    at->ox = 0;
    at->x = -p->pad_w;
    at->y += p->stride_h;
    if (++at->oy < p->out_h) return;
    at->oy = 0;
    at->y = -p->pad_h;
    at->picture += p->in_h * p->in_w * p->in_c;
}

/* `taps` neighbours from (y, x) on: in the picture, or put together in `buffer` */
static inline const int8_t *conv2d_scalar_run(const mdg_conv2d_scalar_params *p, const conv2d_scalar_at *at,
                                              int32_t y, int32_t x, int32_t taps, int8_t *buffer) {
    const int is_row = y >= 0 && y < p->in_h;
    const int8_t *row = is_row ? at->picture + y * p->in_w * p->in_c : at->picture;
    if (is_row && x >= 0 && x + taps <= p->in_w) return row + x * p->in_c;
    memset(buffer, p->in_zero, (size_t)(taps * p->in_c));
    const int32_t from = x < 0 ? 0 : x, to = x + taps < p->in_w ? x + taps : p->in_w;
    if (is_row && from < to)
        memcpy(buffer + (from - x) * p->in_c, row + from * p->in_c, (size_t)((to - from) * p->in_c));
    return buffer;
}

static inline void conv2d_scalar_spread(const mdg_conv2d_scalar_params *p, uint32_t *panel, int8_t *buffers,
                                        const conv2d_scalar_at at[4]) {
    const int32_t runs = p->dilation_w == 1 ? 1 : p->kernel_w, taps = p->kernel_w / runs,
                  bytes = taps * p->in_c;
    for (int32_t ky = 0; ky < p->kernel_h; ky++) {
        for (int32_t kx = 0; kx < runs; kx++) {
            const int8_t *run[4];
            for (int32_t i = 0; i < 4; i++)
                run[i] = conv2d_scalar_run(p, &at[i], at[i].y + ky * p->dilation_h,
                                           at[i].x + kx * p->dilation_w, taps, buffers + i * bytes);
            panel = mdg_pairs_spread(panel, run, bytes);
        }
    }
}

MDG_KERNEL void mdg_conv2d_scalar_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_scalar_params *p = (const mdg_conv2d_scalar_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [batches][in_h][in_w][in_c] */
    int8_t *y = (int8_t *)out[0];            /* [batches][out_h][out_w][out_c] */
    uint32_t *panel = (uint32_t *)out[1];    /* scratch [depth][2], and [4][out_c or kernel_w * in_c] bytes */

    const int32_t depth = p->kernel_h * p->kernel_w * p->in_c;
    int8_t *buffers = (int8_t *)(panel + 2 * depth);
    conv2d_scalar_at at[4], next;
    next.picture = x;
    next.y = -p->pad_h, next.x = -p->pad_w;
    next.oy = next.ox = 0;
    mdg_pairs m;
    m.panel = panel;
    for (int32_t left = p->batches * p->out_h * p->out_w; left > 0; left -= 4, y += 4 * p->out_c) {
        for (int32_t i = 0; i < 4; i++) {
            at[i] = i < left ? next : at[0];
            if (i < left) conv2d_scalar_next(p, &next);
        }
        conv2d_scalar_spread(p, panel, buffers, at);
        mdg_pairs_start(&m, in, depth, p->out_c, p->general);
        mdg_pairs_pixels(&m, y, buffers, left);
    }
}
