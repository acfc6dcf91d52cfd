/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX on int16, by two tables: y = exp(x - max) / sum of exp(x - max) over each row, in Q0.15.
 *
 * mult, shift bring [-10, 0] of the differences to [-65535, 0]; below, the exponential counts as that of -10.
 * Exponentials are Q0.15, their sum is Q16.15 (depth is below 2^16).
 */
#include "midge/kernel.h"
#include "../../fixed_exp.h"

/* Entry (x + 2^15) / 2^7 of a table of 513, interpolated; x saturates to int16 */
static inline int32_t softmax_s16_lookup(const int16_t *table, int32_t x) {
    const int32_t at = mdg_clamp(x, INT16_MIN, INT16_MAX) + (INT32_C(1) << 15);
    const int32_t base = table[at >> 7], slope = table[(at >> 7) + 1] - base;
    return base + ((slope * (at & 127) + 64) >> 7);
}

static inline void softmax_s16_row(const mdg_softmax_params *p, const void *const *in, const int16_t *x,
                                   int16_t *y) {
    const int16_t *exp_table = (const int16_t *)in[1];        /* [513] exp over [-10, 0], Q0.15 */
    const int16_t *reciprocal_table = (const int16_t *)in[2]; /* [513] 1 / (1 + x) over [0, 1], Q0.15 */
    int32_t max = INT16_MIN, sum = 0;
    for (int32_t c = 0; c < p->depth; c++) max = x[c] > max ? x[c] : max;
    for (int32_t c = 0; c < p->depth; c++) {
        const int32_t scaled = mdg_requantize(x[c] - max, p->mult, p->shift);
        y[c] = (int16_t)softmax_s16_lookup(exp_table, mdg_wrapping_add(scaled, INT16_MAX));
        sum += y[c];
    }
    /* the sum is (1 + fraction) * 2^k, and the table's range [0, 1] lies at [-2^15, 2^15) */
    const int headroom = mdg_leading_zeros((uint32_t)sum), right = 31 - headroom;
    const int32_t mantissa = (int32_t)((((int64_t)sum << (headroom - 1)) + (1 << 13)) >> 14);
    const int32_t reciprocal =
        softmax_s16_lookup(reciprocal_table, mantissa - (INT32_C(1) << 16) - (INT32_C(1) << 15));
    for (int32_t c = 0; c < p->depth; c++) {
        const int64_t share = (int64_t)y[c] * reciprocal + (INT32_C(1) << (right - 1));
        y[c] = (int16_t)mdg_clamp((int32_t)(share >> right), 0, INT16_MAX);
    }
}

MDG_KERNEL void mdg_softmax_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_params *p = (const mdg_softmax_params *)params;
    const int16_t *x = (const int16_t *)in[0]; /* [rows][depth] */
    int16_t *y = (int16_t *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++) softmax_s16_row(p, in, x + r * p->depth, y + r * p->depth);
}
