/* SPDX-License-Identifier: MIT
 *
 * CUMSUM on float32 along one dimension: with (exclusive: without) the element itself, from the end
 * (reverse).
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_cumsum_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_cumsum_params *p = (const mdg_cumsum_params *)params;
    const float *x = (const float *)in[0]; /* [outer][axis][inner] */
    float *y = (float *)out[0];

    for (int32_t line = 0; line < p->outer * p->inner; line++) {
        const int32_t base = line / p->inner * p->axis * p->inner + line % p->inner;
        float sum = 0.0f;
        for (int32_t k = 0; k < p->axis; k++) {
            const int32_t i = base + (p->reverse ? p->axis - 1 - k : k) * p->inner;
            const float before = sum;
            sum += x[i];
            y[i] = p->exclusive ? before : sum;
        }
    }
}
