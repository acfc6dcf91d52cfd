/* SPDX-License-Identifier: MIT
 *
 * RESIZE_BILINEAR on int8: between the rows low and high, at `part` / 1024 of the way from one to the other,
 * and likewise between columns. Parts lie in [-512, 1024]; sums stay below 2^31.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_resize_bilinear_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_resize_params *p = (const mdg_resize_params *)params;
    const int8_t *x = (const int8_t *)in[0];             /* [batches][in_h][in_w][pixel] */
    const int32_t *rows = (const int32_t *)in[1];        /* [out_h][low, high] */
    const int32_t *row_part = (const int32_t *)in[2];    /* [out_h] */
    const int32_t *columns = (const int32_t *)in[3];     /* [out_w][low, high] */
    const int32_t *column_part = (const int32_t *)in[4]; /* [out_w] */
    int8_t *y = (int8_t *)out[0];                        /* [batches][out_h][out_w][pixel] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->pixel) {
        for (int32_t i = 0; i < p->out_h * p->out_w; i++, y += p->pixel) {
            const int32_t h = i / p->out_w, w = i % p->out_w;
            const int32_t down = row_part[h], up = 1024 - down;
            const int32_t right = column_part[w], left = 1024 - right;
            const int8_t *low = x + rows[2 * h] * p->in_w * p->pixel;
            const int8_t *high = x + rows[2 * h + 1] * p->in_w * p->pixel;
            const int32_t from = columns[2 * w] * p->pixel, to = columns[2 * w + 1] * p->pixel;
            for (int32_t c = 0; c < p->pixel; c++) {
                const int32_t sum = (low[from + c] * up + high[from + c] * down) * left +
                                    (low[to + c] * up + high[to + c] * down) * right;
                y[c] = (int8_t)mdg_rounding_shift_right(sum, 20);
            }
        }
    }
}
