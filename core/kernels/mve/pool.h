/* SPDX-License-Identifier: MIT
 *
 * pool.h: the windows of the pooling kernels for Helium.
 */
#ifndef MDG_MVE_POOL_H
#define MDG_MVE_POOL_H

#include "midge/kernel.h"
#include "../ref/pool_util.h"

/* A window's part inside the input, at some channels */
typedef struct mdg_mve_window {
    const int8_t *x;
    int32_t rows, columns;
    int32_t step, back; /* bytes from column to column, from the end of a row to the next */
} mdg_mve_window;

/* The window of output o, counted over all pictures */
static inline mdg_mve_window mdg_mve_pool_window(const mdg_pool2d_params *p, const int8_t *x, int32_t o) {
    const int32_t ox = o % p->out_w, line = o / p->out_w, oy = line % p->out_h;
    const mdg_span rows = mdg_pool_span(oy, p->stride_h, p->pad_h, p->kernel_h, p->in_h);
    const mdg_span columns = mdg_pool_span(ox, p->stride_w, p->pad_w, p->kernel_w, p->in_w);
    const int32_t first = (line / p->out_h * p->in_h + rows.from) * p->in_w + columns.from;
    mdg_mve_window w;
    w.x = x + first * p->channels;
    w.rows = rows.to - rows.from;
    w.columns = columns.to - columns.from;
    w.step = p->channels;
    w.back = (p->in_w - w.columns) * p->channels;
    return w;
}

#endif
