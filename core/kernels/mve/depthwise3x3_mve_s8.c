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

/* Where things are for a group of channels */
typedef struct depthwise3x3_mve_group {
    const int8_t *x, *outside;
    const int32_t *w;
    int8_t *t, *y; /* first column, first output */
} depthwise3x3_mve_group;

/* What is the same for all channels and rows */
static inline void depthwise3x3_mve_start(const mdg_depthwise3x3_mve_params *p, mdg_mve_plane *q) {
    const int32_t columns = p->stride == 1 ? 2 : 4; /* of a block */
    q->blocks = p->stride == 1 ? p->out_n / 2 : (p->out_n + 3) / 4;
    q->rest = p->stride == 1 ? p->out_n % 2 : p->out_n;
    q->zero = p->out_zero;
    q->y_step = (int32_t)((uint32_t)columns * (uint32_t)p->out_step_n);
    for (int32_t i = 0; i < 4; i++) {
        q->y_at[i] = (uint32_t)i * (uint32_t)p->out_step_n;
        q->t_at[i] = (uint32_t)(i - 2) * MDG_MVE_COLUMN; /* loads step 2 columns first */
    }
    q->step_n = p->out_step_n;
    q->step_m = p->out_step_m;
    q->columns = p->out_n;
    q->stride = p->stride;
}

/* Output row m, with stride 1 also the next; of a single one both rows of a block are the first. */
static inline void depthwise3x3_mve_rows(const mdg_depthwise3x3_mve_params *p,
                                         const depthwise3x3_mve_group *g, mdg_mve_plane *q, int32_t m) {
    const int is_pair = p->stride == 1 && p->out_m - m > 1;
    q->t = g->t;
    q->y = g->y + m * p->out_step_m;
    const int32_t left = q->channels;
    if (p->stride == 1) {
        const uint32_t second = is_pair ? (uint32_t)p->out_step_m : 0;
        q->y_at[2] = q->y_at[0] + second;
        q->y_at[3] = q->y_at[1] + second;
        q->row_shift = is_pair ? 8 : 0;
        q->rows = is_pair ? 2 : 1;
        mdg_mve_plane_stride1(q, g->w);
    } else {
        q->rows = 1;
        mdg_mve_plane_stride2(q, g->w);
    }
    q->channels = left;
}

static inline void depthwise3x3_mve_channels(const mdg_depthwise3x3_mve_params *p,
                                             const depthwise3x3_mve_group *g, mdg_mve_plane *q) {
    int8_t *const t = g->t + p->pad_n * MDG_MVE_COLUMN;
    mdg_mve_row row[3];
    for (int32_t m = p->stride == 1 ? -2 : 0; m < p->out_m; m += 3 - p->stride) {
        const int32_t first = p->stride == 1 ? m + 2 - p->pad_m : 2 * m - p->pad_m;
        for (int32_t i = 0; i < 1 + p->stride; i++) /* 2 or 3 */
            row[i] = depthwise3x3_mve_row(p, g->x, g->outside, first + i);
        if (p->stride == 1)
            mdg_mve_advance(t, row, p->in_n, q->channels);
        else
            mdg_mve_interleave(t, row, p->in_n, q->channels);
        if (m >= 0) depthwise3x3_mve_rows(p, g, q, m);
    }
}

MDG_KERNEL void mdg_depthwise3x3_mve_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_depthwise3x3_mve_params *p = (const mdg_depthwise3x3_mve_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_h][in_w][channels] */
    const int32_t *w = (const int32_t *)in[1]; /* [channels][5], see plane.h */
    int8_t *y = (int8_t *)out[0];              /* [batches][out_h][out_w][channels] */
    int8_t *t = (int8_t *)out[1];              /* scratch [columns][64] */

    const int32_t in_pixels = p->in_n * p->in_m, out_pixels = p->out_n * p->out_m;
    int8_t outside[MDG_MVE_LANES];
    memset(outside, p->in_zero, sizeof outside);
    mdg_mve_fill(t, p->in_zero, p->columns * MDG_MVE_COLUMN);
    mdg_mve_plane q;
    depthwise3x3_mve_start(p, &q);
    depthwise3x3_mve_group g;
    g.outside = outside;
    g.t = t;
    for (int32_t b = 0; b < p->batches; b++) {
        for (int32_t c = 0; c < p->channels; c += MDG_MVE_LANES) {
            const int32_t left = p->channels - c;
            g.x = x + b * in_pixels * p->channels + c;
            g.y = y + b * out_pixels * p->channels + c;
            g.w = w + c * MDG_MVE_CHANNEL_WORDS;
            q.channels = left < MDG_MVE_LANES ? left : MDG_MVE_LANES;
            depthwise3x3_mve_channels(p, &g, &q);
        }
    }
}
