/* SPDX-License-Identifier: MIT
 *
 * EMBEDDING_LOOKUP from int8 to float32: y[i] = scale * table[x[i]]; an index outside the table gives zeros.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_embedding_lookup_s8_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_embedding_lookup_params *p = (const mdg_embedding_lookup_params *)params;
    const int32_t *x = (const int32_t *)in[0];   /* [count] */
    const int8_t *table = (const int8_t *)in[1]; /* [rows][row_size] */
    float *y = (float *)out[0];                  /* [count][row_size] */

    for (int32_t i = 0; i < p->count; i++) {
        const int is_inside = x[i] >= 0 && x[i] < p->rows;
        const int8_t *row = table + (is_inside ? x[i] : 0) * p->row_size;
        for (int32_t c = 0; c < p->row_size; c++) *y++ = is_inside ? p->scale * (float)row[c] : 0.0f;
    }
}
