/* SPDX-License-Identifier: MIT
 *
 * GATHER for elements of any type: y[batch][outer][k] = x[batch][outer][index[batch][k]], each a run of
 * bytes. Indices are computed while the model runs: one out of range gives zeros.
 */
#include "midge/kernel.h"
#include <string.h>

MDG_KERNEL void mdg_gather(const void *params, const void *const *in, void *const *out) {
    const mdg_gather_params *p = (const mdg_gather_params *)params;
    const uint8_t *x = (const uint8_t *)in[0];     /* [batches][outer][axis][bytes] */
    const int32_t *index = (const int32_t *)in[1]; /* [batches][indices] */
    uint8_t *y = (uint8_t *)out[0];                /* [batches][outer][indices][bytes] */

    for (int32_t b = 0; b < p->batches; b++, index += p->indices) {
        for (int32_t o = 0; o < p->outer; o++, x += p->axis * p->bytes) {
            for (int32_t k = 0; k < p->indices; k++, y += p->bytes) {
                if (index[k] < 0 || index[k] >= p->axis)
                    memset(y, 0, (size_t)p->bytes);
                else
                    memcpy(y, x + index[k] * p->bytes, (size_t)p->bytes);
            }
        }
    }
}
