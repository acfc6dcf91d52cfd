/* SPDX-License-Identifier: MIT
 *
 * RESIZE_BILINEAR on float32: between the rows low and high, at `part` of the way from one to the other, and
 * likewise between columns.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_resize_bilinear_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_resize_params *p = (const mdg_resize_params *)params;
    const float *x = (const float *)in[0];           /* [batches][in_h][in_w][pixel] */
    const int32_t *rows = (const int32_t *)in[1];    /* [out_h][low, high] */
    const float *row_part = (const float *)in[2];    /* [out_h] */
    const int32_t *columns = (const int32_t *)in[3]; /* [out_w][low, high] */
    const float *column_part = (const float *)in[4]; /* [out_w] */
    float *y = (float *)out[0];                      /* [batches][out_h][out_w][pixel] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->pixel) {
        for (int32_t i = 0; i < p->out_h * p->out_w; i++, y += p->pixel) {
            const int32_t h = i / p->out_w, w = i % p->out_w;
            const float down = row_part[h], right = column_part[w];
            const float *low = x + rows[2 * h] * p->in_w * p->pixel;
            const float *high = x + rows[2 * h + 1] * p->in_w * p->pixel;
            const int32_t left = columns[2 * w] * p->pixel, next = columns[2 * w + 1] * p->pixel;
            for (int32_t c = 0; c < p->pixel; c++)
                y[c] = low[left + c] * (1.0f - down) * (1.0f - right) +
                       high[left + c] * down * (1.0f - right) + low[next + c] * (1.0f - down) * right +
                       high[next + c] * down * right;
        }
    }
}
