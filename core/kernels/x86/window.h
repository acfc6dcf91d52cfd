/* SPDX-License-Identifier: MIT
 *
 * window.h: how convolutions walk along a row of output pixels, a tile at a time.
 */
#ifndef MDG_X86_WINDOW_H
#define MDG_X86_WINDOW_H

#include "avx2.h"
#include "midge/params.h"
#include "../ref/span.h"

/* Pixels of a tile, a multiple of four, and the input columns that their windows cover */
typedef struct mdg_tile {
    int32_t pixels, columns;
} mdg_tile;

/* The largest tile whose windows cover at most max_columns, but no more than a row; 0 pixels where none does
 */
static inline mdg_tile mdg_tile_of(const mdg_conv2d_params *p, int32_t max_columns) {
    const int64_t span = (int64_t)(p->kernel_w - 1) * p->dilation_w + 1;
    const int64_t row = ((int64_t)p->out_w + MDG_QUAD - 1) / MDG_QUAD * MDG_QUAD;
    mdg_tile t = {0, 0};
    if (max_columns < span) return t;
    const int64_t fitting = ((max_columns - span) / p->stride_w + 1) / MDG_QUAD * MDG_QUAD;
    t.pixels = (int32_t)(fitting < row ? fitting : row);
    t.columns = (int32_t)((t.pixels - 1) * (int64_t)p->stride_w + span);
    return t;
}

/* Which of the columns from x0 on lie inside the input */
static inline mdg_span mdg_columns_inside(const mdg_conv2d_params *p, int32_t x0, int32_t columns) {
    mdg_span s;
    s.from = mdg_clamp(-x0, 0, columns);
    s.to = mdg_clamp(p->in_w - x0, s.from, columns);
    return s;
}

static inline bool mdg_is_row_inside(const mdg_conv2d_params *p, int32_t iy) {
    return iy >= 0 && iy < p->in_h;
}

#endif
