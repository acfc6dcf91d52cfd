/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX on int8: shares of each row in 1/256, zero point -128.
 */
#include "softmax_s8.h"

MDG_KERNEL void mdg_softmax_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_params *p = (const mdg_softmax_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [rows][depth] */
    int8_t *y = (int8_t *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        const mdg_softmax_row row = mdg_softmax_s8_row(p, x, 8);
        for (int32_t c = 0; c < p->depth; c++)
            y[c] = (int8_t)mdg_clamp(INT8_MIN + mdg_softmax_s8_share(p, &row, x[c]), INT8_MIN, INT8_MAX);
    }
}
