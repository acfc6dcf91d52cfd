/* SPDX-License-Identifier: MIT
 *
 * EMBEDDING_LOOKUP: y[i] = table[x[i]], rows of any type; an index outside the table gives zeros.
 */
#include "midge/kernel.h"
#include <string.h>

MDG_KERNEL void mdg_embedding_lookup(const void *params, const void *const *in, void *const *out) {
    const mdg_embedding_lookup_params *p = (const mdg_embedding_lookup_params *)params;
    const int32_t *x = (const int32_t *)in[0];     /* [count] */
    const uint8_t *table = (const uint8_t *)in[1]; /* [rows][row_size] bytes */
    uint8_t *y = (uint8_t *)out[0];                /* [count][row_size] bytes */

    for (int32_t i = 0; i < p->count; i++, y += p->row_size) {
        if (x[i] >= 0 && x[i] < p->rows)
            memcpy(y, table + x[i] * p->row_size, (size_t)p->row_size);
        else
            memset(y, 0, (size_t)p->row_size);
    }
}
