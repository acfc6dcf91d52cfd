/* SPDX-License-Identifier: MIT
 *
 * What rows of int8 are like over time: of each column the sum, then frames times its deviation, the least
 * and the largest value, as many of these as are asked for, each brought to int8 by a factor of its own: y =
 * clamp((value mult + offset + 2^15) >> 16).
 */
#include "midge/kernel.h"

/* The largest integer whose square is at most x < 2^48, digit by digit in base 4 */
static inline int32_t mdg_floor_sqrt(uint64_t x) {
    uint64_t root = 0, bit = UINT64_C(1) << 46;
    while (bit > x) bit >>= 2;
    for (; bit; bit >>= 2) {
        const uint64_t step = root + bit;
        root >>= 1;
        if (x < step) continue;
        x -= step;
        root += bit;
    }
    return (int32_t)root;
}

static inline int8_t mdg_scaled_statistic(int32_t value, int32_t mult, int32_t offset) {
    const int64_t y = ((int64_t)value * mult + offset + (INT32_C(1) << 15)) >> 16;
    return (int8_t)(y < INT8_MIN ? INT8_MIN : y > INT8_MAX ? INT8_MAX : y);
}

MDG_KERNEL void mdg_statistics_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_statistics_params *p = (const mdg_statistics_params *)params;
    const int8_t *x = (const int8_t *)in[0];        /* [frames][width] */
    const int32_t *mult = (const int32_t *)in[1];   /* [statistics][width] */
    const int32_t *offset = (const int32_t *)in[2]; /* [statistics][width] */
    int8_t *y = (int8_t *)out[0];                   /* [statistics][width] */

    for (int32_t i = 0; i < p->width; i++) {
        int32_t value[4] = {0, 0, INT8_MAX, INT8_MIN}, squares = 0;
        for (int32_t f = 0; f < p->frames; f++) {
            const int32_t v = x[f * p->width + i];
            value[0] += v;
            squares += v * v;
            if (v < value[2]) value[2] = v;
            if (v > value[3]) value[3] = v;
        }
        value[1] = mdg_floor_sqrt((uint64_t)((int64_t)p->frames * squares - (int64_t)value[0] * value[0]));
        for (int32_t k = 0; k < p->statistics; k++) {
            const int32_t at = k * p->width + i;
            y[at] = mdg_scaled_statistic(value[k], mult[at], offset[at]);
        }
    }
}
