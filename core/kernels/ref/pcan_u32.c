/* SPDX-License-Identifier: MIT
 *
 * SignalPCAN: per-channel amplitude normalisation. The gain is a function of the noise estimate, piecewise
 * quadratic, with pieces that double in length; the product, a signal-to-noise ratio, is compressed where it
 * is small.
 */
#include "midge/kernel.h"
#include "signal_bits.h"

enum { MDG_PCAN_RATIO_BITS = 12, MDG_PCAN_OUTPUT_BITS = 6 };

/* table: y for x = 0, 1, 2, then {y, slope, curvature, unused} for each piece */
static inline int16_t mdg_pcan_gain(uint32_t x, const int16_t *table) {
    if (x <= 2) return table[x];
    const int32_t bits = mdg_bit_length(x);
    const int16_t *piece = table + 4 * bits - 6;
    const int32_t fraction = (int32_t)((bits < 11 ? x << (11 - bits) : x >> (bits - 11)) & 0x3FF);
    const uint32_t slope = (uint32_t)((piece[2] * fraction) >> 5) + ((uint32_t)piece[1] << 5);
    const int32_t rise = (int32_t)(slope * (uint32_t)fraction + (UINT32_C(1) << 14)) >> 15;
    return (int16_t)(rise + piece[0]);
}

/* x^2 / 4 below 2, x - 1 above */
static inline uint32_t mdg_pcan_shrink(uint32_t ratio) {
    if (ratio < 2u << MDG_PCAN_RATIO_BITS)
        return (ratio * ratio) >> (2 + 2 * MDG_PCAN_RATIO_BITS - MDG_PCAN_OUTPUT_BITS);
    return (ratio >> (MDG_PCAN_RATIO_BITS - MDG_PCAN_OUTPUT_BITS)) - (1u << MDG_PCAN_OUTPUT_BITS);
}

MDG_KERNEL void mdg_pcan_u32(const void *params, const void *const *in, void *const *out) {
    const mdg_pcan_params *p = (const mdg_pcan_params *)params;
    const uint32_t *x = (const uint32_t *)in[0];     /* [count] */
    const uint32_t *noise = (const uint32_t *)in[1]; /* [count] */
    const int16_t *table = (const int16_t *)in[2];   /* [125 or more] */
    uint32_t *y = (uint32_t *)out[0];                /* [count] */

    for (int32_t i = 0; i < p->count; i++) {
        const uint32_t gain = (uint32_t)mdg_pcan_gain(noise[i], table);
        y[i] = mdg_pcan_shrink((uint32_t)(((uint64_t)x[i] * gain) >> p->shift));
    }
}
