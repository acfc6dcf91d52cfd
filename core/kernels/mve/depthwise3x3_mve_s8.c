/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D of 3x3 on int8, stride 1 or 2, whose clamp begins at the output's zero point or above:
 * 16 channels at a time (plane.h), two rows of outputs after the other, with stride 2 one. A "row" runs along
 * the longer side of the picture, whichever that is: strides in bytes tell.
 *
 * With stride 1 a row of the input is read once, and before anything behind it is written: the output may
 * take the input's place where it has its shape.
 */
#include "midge/kernel.h"
#include "plane.h"
#include "window.h"

/* Row m of a picture, or the constants at `outside` */
static inline mdg_mve_row depthwise3x3_mve_row(const mdg_depthwise3x3_mve_params *p, const int8_t *x,
                                               const int8_t *outside, int32_t m) {
    const int is_inside = m >= 0 && m < p->in_m;
    mdg_mve_row row;
    row.x = is_inside ? x + m * p->in_step_m : outside;
    row.step = is_inside ? p->in_step_n : 0;
    return row;
}

/* For all channels and rows */
static inline mdg_mve_plane depthwise3x3_mve_plane(const mdg_depthwise3x3_mve_params *p) {
    mdg_mve_plane q;
    memset(&q, 0, sizeof q);
    const int32_t columns = p->stride == 1 ? 2 : 4; /* of a block */
    q.blocks = p->stride == 1 ? p->out_n / 2 : (p->out_n + 3) / 4;
    q.rest = p->stride == 1 ? p->out_n % 2 : p->out_n;
    q.zero = p->out_zero;
    q.y_step = columns * p->out_step_n;
    for (uint32_t i = 0; i < 4; i++) {
        q.y_at[i] = i % (uint32_t)columns * (uint32_t)p->out_step_n;
        q.t_at[i] = (i - 2) * MDG_MVE_COLUMN; /* loads step 2 columns first */
    }
    q.step_n = p->out_step_n;
    q.columns = p->out_n;
    q.stride = p->stride;
    return q;
}

/* `rows` rows of outputs, at most 2 */
static inline void depthwise3x3_mve_pair(const mdg_depthwise3x3_mve_params *p, mdg_mve_plane q,
                                         const int32_t *w, int32_t rows) {
    q.rows = rows;
    for (int32_t i = 0; i < 4; i++) q.row_shift[i] = rows > 1 ? 8 : 0;
    if (rows > 1)
        for (int32_t i = 2; i < 4; i++) q.y_at[i] += (uint32_t)p->out_step_m;
    mdg_mve_plane_stride1(&q, w, p->out_step_m);
}

/* Where things are for a group of channels */
typedef struct depthwise3x3_mve_group {
    const int8_t *x, *outside;
    const int32_t *w;
    int8_t *t; /* the first column of the picture */
    int32_t channels;
} depthwise3x3_mve_group;

static inline void depthwise3x3_mve_stride1(const mdg_depthwise3x3_mve_params *p,
                                            const depthwise3x3_mve_group *g, mdg_mve_plane q) {
    for (int32_t m = -2; m < p->out_m; m += 2) {
        mdg_mve_row row[2];
        for (int32_t i = 0; i < 2; i++)
            row[i] = depthwise3x3_mve_row(p, g->x, g->outside, m + 2 - p->pad_m + i);
        mdg_mve_advance(g->t, row, p->in_n, g->channels);
        if (m < 0) continue;
        depthwise3x3_mve_pair(p, q, g->w, p->out_m - m > 1 ? 2 : 1);
        q.y += 2 * p->out_step_m;
    }
}

static inline void depthwise3x3_mve_stride2(const mdg_depthwise3x3_mve_params *p,
                                            const depthwise3x3_mve_group *g, mdg_mve_plane q) {
    for (int32_t m = 0; m < p->out_m; m++, q.y += p->out_step_m) {
        mdg_mve_row row[3];
        for (int32_t i = 0; i < 3; i++)
            row[i] = depthwise3x3_mve_row(p, g->x, g->outside, 2 * m - p->pad_m + i);
        mdg_mve_interleave(g->t, row, p->in_n, g->channels);
        mdg_mve_plane one = q;
        one.rows = 1;
        mdg_mve_plane_stride2(&one, g->w);
    }
}

MDG_KERNEL void mdg_depthwise3x3_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise3x3_mve_params *p = (const mdg_depthwise3x3_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][channels] */
    const int32_t *w = (const int32_t *)in[1]; /* [channels][5], see plane.h */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][channels] */
    int8_t *t = (int8_t *)out[1];              /* scratch [columns][64] */

    mdg_mve_plane q = depthwise3x3_mve_plane(p);
    int8_t outside[MDG_MVE_LANES];
    memset(outside, p->in_zero, sizeof outside);
    mdg_mve_fill(t, p->in_zero, p->columns * MDG_MVE_COLUMN);
    for (int32_t b = 0; b < p->batches;
         b++, x += p->in_n * p->in_m * p->channels, y += p->out_n * p->out_m * p->channels) {
        for (int32_t c = 0; c < p->channels; c += MDG_MVE_LANES) {
            const int32_t left = p->channels - c;
            depthwise3x3_mve_group g;
            g.x = x + c;
            g.outside = outside;
            g.w = w + c * MDG_MVE_CHANNEL_WORDS;
            g.t = t + p->pad_n * MDG_MVE_COLUMN;
            g.channels = q.channels = left < MDG_MVE_LANES ? left : MDG_MVE_LANES;
            q.t = t;
            q.y = y + c;
            if (p->stride == 1)
                depthwise3x3_mve_stride1(p, &g, q);
            else
                depthwise3x3_mve_stride2(p, &g, q);
        }
    }
}
