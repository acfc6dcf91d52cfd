/* SPDX-License-Identifier: MIT
 *
 * softmax_s8.h: SOFTMAX of int8 in fixed point: y = exp(x - max) / sum of exp(x - max) over each row.
 *
 * Differences to the row's maximum become Q5.26, their exponentials Q0.31, the sum Q12.19 (depth is
 * at most 8191). Differences below diff_min would count as nothing and are left out, since they do not fit
 * Q5.26.
 */
#ifndef MDG_REF_SOFTMAX_S8_H
#define MDG_REF_SOFTMAX_S8_H

#include "midge/kernel.h"
#include "../../fixed_exp.h"

/* What a row's shares are computed from: y = exp * reciprocal / 2^exponent of the steps of the output */
typedef struct mdg_softmax_row {
    int32_t max, reciprocal;
    int exponent;
} mdg_softmax_row;

static inline int32_t mdg_softmax_s8_exp(const mdg_softmax_params *p, int32_t diff) {
    const int32_t scaled = (int32_t)((uint32_t)diff << p->shift);
    return mdg_exp_q5_26(mdg_rounding_doubling_high_mul(scaled, p->mult));
}

/* What shares are computed from, for a row with this sum of exponentials; out_bits: of the output, whose
 * scale is 2^-out_bits */
static inline mdg_softmax_row mdg_softmax_s8_shares(int32_t max, uint32_t sum, int out_bits) {
    const int headroom = mdg_leading_zeros(sum);
    mdg_softmax_row row;
    row.max = max;
    row.reciprocal = mdg_reciprocal_of_one_plus_q31((int32_t)((sum << headroom) - 0x80000000u));
    row.exponent = 12 - headroom + 31 - out_bits;
    return row;
}

static inline mdg_softmax_row mdg_softmax_s8_row(const mdg_softmax_params *p, const int8_t *x, int out_bits) {
    mdg_softmax_row row;
    row.max = INT8_MIN;
    for (int32_t c = 0; c < p->depth; c++) row.max = x[c] > row.max ? x[c] : row.max;

    uint32_t sum = 0;
    for (int32_t c = 0; c < p->depth; c++)
        if (x[c] - row.max >= p->diff_min)
            sum += (uint32_t)mdg_rounding_shift_right(mdg_softmax_s8_exp(p, x[c] - row.max), 12);

    return mdg_softmax_s8_shares(row.max, sum, out_bits);
}

/* The share of an element with this exponential */
static inline int32_t mdg_softmax_s8_scaled(const mdg_softmax_row *row, int32_t exp) {
    if (row->exponent >= 32) return 0;
    return mdg_rounding_shift_right(mdg_rounding_doubling_high_mul(row->reciprocal, exp), row->exponent);
}

/* The share of x in its row, in steps of the output */
static inline int32_t mdg_softmax_s8_share(const mdg_softmax_params *p, const mdg_softmax_row *row,
                                           int32_t x) {
    if (x - row->max < p->diff_min) return 0;
    return mdg_softmax_s8_scaled(row, mdg_softmax_s8_exp(p, x - row->max));
}

#endif
