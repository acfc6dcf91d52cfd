/* SPDX-License-Identifier: MIT
 *
 * MEAN and SUM on int8 over a run of dimensions: as mean_s8, four channels, or four neighbours of a row, at a
 * time.
 */
#include "midge/kernel.h"
#include "../scalar/high_mul.h"
#include "lanes.h"

static inline int8_t mean_lanes_finish(const mdg_mean_lanes_params *p, int32_t sum) {
    const int32_t x = sum - p->inputs * p->in_zero, left = p->shift > 0 ? p->shift : 0;
    const int32_t product = mdg_scalar_high_mul((int32_t)((uint32_t)x << left), p->mult);
    const int32_t y = mdg_rounding_shift_right(product, left ? 0 : -p->shift);
    return (int8_t)mdg_ssat8(mdg_wrapping_add(y, p->out_zero));
}

/* Any number of words */
static inline void mean_lanes_add(int32_t sum[4], const int8_t *x, int32_t step, int32_t n) {
    for (int32_t i = 0; i < 4; i++) sum[i] = 0;
    for (int32_t i = 0; i < n; i += MDG_LANES_MAX) {
        mdg_lanes s = mdg_lanes_none();
        mdg_lanes_add(&s, x + i * step, step, n - i < MDG_LANES_MAX ? n - i : MDG_LANES_MAX);
        mdg_lanes_to(&s, sum);
    }
}

static inline int8_t mean_lanes_row(const mdg_mean_lanes_params *p, const int8_t *x) {
    int32_t sum[4];
    mean_lanes_add(sum, x, 4, p->inputs / 4);
    int32_t all = sum[0] + sum[1] + sum[2] + sum[3];
    for (int32_t i = p->inputs / 4 * 4; i < p->inputs; i++) all += x[i];
    return mean_lanes_finish(p, all);
}

static inline void mean_lanes_channels(const mdg_mean_lanes_params *p, const int8_t *x, int8_t *y) {
    for (int32_t c = 0; c < p->inner; c += 4) {
        const int32_t first = mdg_lanes_first(c, p->inner);
        int32_t sum[4];
        mean_lanes_add(sum, x + first, p->inner, p->inputs);
        for (int32_t i = 0; i < 4; i++) y[first + i] = mean_lanes_finish(p, sum[i]);
    }
}

MDG_KERNEL void mdg_mean_lanes_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_mean_lanes_params *p = (const mdg_mean_lanes_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [outer][inputs][inner] */
    int8_t *y = (int8_t *)out[0];            /* [outer][inner] */

    for (int32_t o = 0; o < p->outer; o++, x += p->inputs * p->inner, y += p->inner) {
        if (p->inner == 1)
            *y = mean_lanes_row(p, x);
        else
            mean_lanes_channels(p, x, y);
    }
}
