/* SPDX-License-Identifier: MIT
 *
 * SignalFilterBank: triangular filters over a spectrum. Each bin rises in one channel and falls in the next:
 * with its weight it counts for channel c, with its unweight for channel c + 1. What rises in "channel -1" is
 * dropped.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_filter_bank_u32(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const uint32_t *x = (const uint32_t *)in[0];          /* [bins] */
    const int16_t *weight = (const int16_t *)in[1];       /* [weights] */
    const int16_t *unweight = (const int16_t *)in[2];     /* [weights] */
    const int16_t *first_bin = (const int16_t *)in[3];    /* [count + 1] */
    const int16_t *first_weight = (const int16_t *)in[4]; /* [count + 1] */
    const int16_t *width = (const int16_t *)in[5];        /* [count + 1] */
    uint64_t *y = (uint64_t *)out[0];                     /* [count] */

    uint64_t falling = 0;
    for (int32_t c = 0; c <= p->count; c++) {
        uint64_t sum = falling;
        falling = 0;
        for (int32_t i = 0; i < width[c]; i++) {
            const uint64_t energy = x[first_bin[c] + i];
            sum += (uint64_t)weight[first_weight[c] + i] * energy;
            falling += (uint64_t)unweight[first_weight[c] + i] * energy;
        }
        if (c > 0) y[c - 1] = sum;
    }
}
