/* SPDX-License-Identifier: MIT
 *
 * conv_at.h: where the windows of a convolution's outputs lie, output after output.
 */
#ifndef MDG_ARMV7EM_CONV_AT_H
#define MDG_ARMV7EM_CONV_AT_H

#include "midge/kernel.h"

/* The window of one output: its first tap's place, which may lie in the padding, in one picture */
typedef struct mdg_conv_at {
    const int8_t *picture; /* [in_h][in_w][in_c] */
    int32_t y, x;          /* of the first tap */
    int32_t oy, ox;        /* of the output */
} mdg_conv_at;

static inline mdg_conv_at mdg_conv_first(const mdg_conv2d_smlad_params *p, const int8_t *x) {
    mdg_conv_at at;
    at.picture = x;
    at.y = -p->pad_h;
    at.x = -p->pad_w;
    at.oy = 0;
    at.ox = 0;
    return at;
}

/* To the next output: along the row, the next row, the next picture */
static inline void mdg_conv_next(const mdg_conv2d_smlad_params *p, mdg_conv_at *at) {
    at->x += p->stride_w;
    if (++at->ox < p->out_w) return;
    at->ox = 0;
    at->x = -p->pad_w;
    at->y += p->stride_h;
    if (++at->oy < p->out_h) return;
    *at = mdg_conv_first(p, at->picture + p->in_h * p->in_w * p->in_c);
}

/* Whether all taps lie in the picture */
static inline int mdg_conv_is_inside(const mdg_conv2d_smlad_params *p, const mdg_conv_at *at) {
    return at->y >= 0 && at->x >= 0 && at->y + (p->kernel_h - 1) * p->dilation_h < p->in_h &&
           at->x + (p->kernel_w - 1) * p->dilation_w < p->in_w;
}

#endif
