/* SPDX-License-Identifier: MIT
 *
 * depthwise3x3_smlad.h: DEPTHWISE_CONV_2D of 3x3 on int8, at least 4 channels, one output channel for each,
 * with ReLU: on planes (depthwise_planes.h), each of which is convolved two outputs at a time (plane.h).
 */
#ifndef MDG_ARMV7EM_DEPTHWISE3X3_SMLAD_H
#define MDG_ARMV7EM_DEPTHWISE3X3_SMLAD_H

#include "depthwise_planes.h"
#include "plane.h"

/* How a channel's record is read: weights, bias, multiplier and shift; and how many words it has */
typedef struct mdg_depthwise3x3_record {
    void (*read)(mdg_plane *q, const int32_t *w);
    int32_t words;
} mdg_depthwise3x3_record;

static inline void mdg_depthwise3x3_convolve(const mdg_planes *planes, int8_t *y, int32_t channel,
                                             int32_t skip, int32_t rows, mdg_depthwise3x3_record record) {
    const mdg_depthwise_planes_params *p = planes->shape;
    const int32_t pairs = p->out_n / 2, pair_words = pairs * p->stride_n;
    mdg_plane q;
    q.y_step = p->out_step_n;
    q.odd = p->out_n % 2;
    q.row_bytes = 4 * p->row_words * p->stride_m;
    q.row_back = q.row_bytes - 4 * pair_words;
    q.y_back = p->out_step_m - 2 * pairs * p->out_step_n;
    for (int32_t c = skip; c < 4; c++) {
        record.read(&q, planes->w + record.words * (channel + c));
        q.offset = 64 + (q.shift > 7 ? 1 << (q.shift - 1) : 0) - (1 << (q.shift + 7)); /* zero point -128 */
        q.row0 = planes->words + c * planes->plane;
        q.row1 = q.row0 + p->row_words;
        q.row2 = q.row1 + p->row_words;
        q.row_end = q.row0 + pair_words;
        q.last_end = q.row_end + rows * p->row_words * p->stride_m;
        q.y = y + channel + c;
        if (p->stride_n == 1)
            mdg_plane_stride1(&q);
        else
            mdg_plane_stride2(&q);
    }
}

static inline void mdg_depthwise3x3(const void *params, const void *const *in, void *const *out,
                                    mdg_planes_fn *convolve) {
    const mdg_depthwise_planes_params *p = (const mdg_depthwise_planes_params *)params;
    const int8_t *x = (const int8_t *)in[0];   /* [batches][in_m][in_n][channels], or [in_n][in_m] */
    const int32_t *w = (const int32_t *)in[1]; /* [channels] records */
    int8_t *y = (int8_t *)out[0];              /* the same of out_m, out_n */
    uint32_t *words = (uint32_t *)out[1];      /* scratch [4][band rows of the input][row_words] */

    mdg_planes planes = mdg_planes_of(p, 3, words, w);
    planes.convolve = convolve;
    mdg_planes_run(&planes, x, y, p->channels);
}

#endif
