/* SPDX-License-Identifier: MIT
 *
 * GATHER_ND for elements of any type: y[k] = x[index[k][0], index[k][1], ...], a run of bytes.
 * Indices are computed while the model runs: one out of range gives zeros.
 */
#include "midge/kernel.h"
#include <string.h>

/* Where the run begins, -1 where an index is out of range */
static int32_t mdg_gather_nd_offset(const mdg_gather_nd_params *p, const int32_t *index) {
    int32_t offset = 0;
    for (int32_t d = 0; d < p->depth; d++) {
        if (index[d] < 0 || index[d] >= p->dim[d]) return -1;
        offset += index[d] * p->stride_bytes[d];
    }
    return offset;
}

MDG_KERNEL void mdg_gather_nd(const void *params, const void *const *in, void *const *out) {
    const mdg_gather_nd_params *p = (const mdg_gather_nd_params *)params;
    const uint8_t *x = (const uint8_t *)in[0];     /* [dim[0]][dim[1]]...[bytes] */
    const int32_t *index = (const int32_t *)in[1]; /* [count][depth] */
    uint8_t *y = (uint8_t *)out[0];                /* [count][bytes] */

    for (int32_t k = 0; k < p->count; k++, index += p->depth, y += p->bytes) {
        const int32_t offset = mdg_gather_nd_offset(p, index);
        if (offset < 0)
            memset(y, 0, (size_t)p->bytes);
        else
            memcpy(y, x + offset, (size_t)p->bytes);
    }
}
