/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX from int8 to int16: shares of each row in 1/65536, zero point -32768.
 */
#include "softmax_s8.h"

MDG_KERNEL void mdg_softmax_s8_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_params *p = (const mdg_softmax_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [rows][depth] */
    int16_t *y = (int16_t *)out[0];          /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        const mdg_softmax_row row = mdg_softmax_s8_row(p, x, 16);
        for (int32_t c = 0; c < p->depth; c++)
            y[c] = mdg_saturate_s16(INT16_MIN + mdg_softmax_s8_share(p, &row, x[c]));
    }
}
