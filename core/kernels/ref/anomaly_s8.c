/* SPDX-License-Identifier: MIT
 *
 * From a distance d to two scores, normal and anomaly: the anomaly's is d / (d + threshold), so one half
 * where d is the threshold; the normal's is the rest. Scores are in 1/256 from -128 on.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_anomaly_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_anomaly_params *p = (const mdg_anomaly_params *)params;
    const int32_t *d = (const int32_t *)in[0]; /* [1] */
    int8_t *y = (int8_t *)out[0];              /* [2] */
    uint32_t above = *d > 0 ? (uint32_t)*d : 0, below = (uint32_t)p->threshold;

    while ((above | below) >> 23) { /* so that 256 times one of them, and their sum, fit 32 bits */
        above >>= 1;
        below >>= 1;
    }
    const int32_t score = above ? (int32_t)((above << 8) / (above + below)) : 0;
    const int32_t anomaly = score < 256 ? score : 255;
    y[0] = (int8_t)(127 - anomaly);
    y[1] = (int8_t)(anomaly - 128);
}
