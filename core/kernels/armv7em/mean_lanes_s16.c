/* SPDX-License-Identifier: MIT
 *
 * MEAN and SUM on int16 over a run of dimensions: as mean_s16, two channels, or two neighbours of a row, at a
 * time.
 */
#include "midge/kernel.h"
#include "lanes.h"

static inline int32_t mean_lanes_s16_finish(const mdg_mean_lanes_params *p, int32_t sum) {
    const int32_t zeros = mdg_wrapping_mul(p->inputs, p->in_zero);
    const int32_t q = mdg_requantize_to(mdg_wrapping_sub(sum, zeros), p->mult, p->shift, p->out_zero);
    return mdg_saturate_s16(q);
}

static inline int32_t mean_lanes_s16_row(const mdg_mean_lanes_params *p, const int8_t *x) {
    int32_t sum[2] = {0, 0};
    mdg_lanes_add_s16(sum, x, 4, p->inputs / 2);
    if (p->inputs % 2)
        sum[0] = mdg_wrapping_add(sum[0], *(const int16_t *)(const void *)(x + 2 * (p->inputs - 1)));
    return mean_lanes_s16_finish(p, mdg_wrapping_add(sum[0], sum[1]));
}

static inline void mean_lanes_s16_channels(const mdg_mean_lanes_params *p, const int8_t *x, int8_t *y) {
    const int32_t bytes = 2 * p->inner;
    for (int32_t at = 0; at < bytes; at += 4) {
        const int32_t first = mdg_lanes_first(at, bytes);
        int32_t sum[2] = {0, 0};
        mdg_lanes_add_s16(sum, x + first, bytes, p->inputs);
        mdg_store4(y + first, mdg_pack16(mean_lanes_s16_finish(p, sum[0]), mean_lanes_s16_finish(p, sum[1])));
    }
}

MDG_KERNEL void mdg_mean_lanes_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_mean_lanes_params *p = (const mdg_mean_lanes_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [outer][inputs][inner] */
    int16_t *y = (int16_t *)out[0];            /* [outer][inner] */

    for (int32_t o = 0; o < p->outer; o++, x += p->inputs * p->inner, y += p->inner) {
        if (p->inner == 1)
            *y = (int16_t)mean_lanes_s16_row(p, (const int8_t *)x);
        else
            mean_lanes_s16_channels(p, (const int8_t *)x, (int8_t *)y);
    }
}
