/* SPDX-License-Identifier: MIT
 *
 * RESIZE_NEAREST_NEIGHBOR for elements of any type; tables say from which row and column each output takes
 * its pixel.
 */
#include "midge/kernel.h"
#include <string.h>

MDG_KERNEL void mdg_resize_nearest(const void *params, const void *const *in, void *const *out) {
    const mdg_resize_params *p = (const mdg_resize_params *)params;
    const uint8_t *x = (const uint8_t *)in[0];      /* [batches][in_h][in_w][pixel] */
    const int32_t *row = (const int32_t *)in[1];    /* [out_h] */
    const int32_t *column = (const int32_t *)in[2]; /* [out_w] */
    uint8_t *y = (uint8_t *)out[0];                 /* [batches][out_h][out_w][pixel] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_h * p->in_w * p->pixel) {
        for (int32_t h = 0; h < p->out_h; h++) {
            const uint8_t *line = x + row[h] * p->in_w * p->pixel;
            for (int32_t w = 0; w < p->out_w; w++, y += p->pixel)
                memcpy(y, line + column[w] * p->pixel, (size_t)p->pixel);
        }
    }
}
