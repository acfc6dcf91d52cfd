/* SPDX-License-Identifier: MIT
 *
 * SOFTMAX on int8 with a table of exponentials: as softmax_s8, whose exponentials depend on nothing but the
 * difference to the row's maximum.
 */
#include "../ref/softmax_s8.h"
#include "../scalar/high_mul.h"

/* exp of a difference, 0 where it counts as nothing; table: exp(0), exp(-1), ... */
static inline int32_t softmax_table_exp(const mdg_softmax_table_params *p, const int32_t *table,
                                        int32_t below) {
    return below < p->entries ? table[below] : 0;
}

static inline int32_t softmax_table_max(const int8_t *x, int32_t n) {
    int32_t max = x[0];
    for (int32_t c = 1; c < n; c++) max = x[c] > max ? x[c] : max;
    return max;
}

static inline uint32_t softmax_table_sum(const mdg_softmax_table_params *p, const int32_t *table,
                                         const int8_t *x, int32_t max) {
    uint32_t sum = 0;
    for (int32_t c = 0; c < p->depth; c++)
        sum += ((uint32_t)softmax_table_exp(p, table, max - x[c]) + (1u << 11)) >> 12;
    return sum;
}

/* As mdg_softmax_s8_scaled */
static inline int32_t softmax_table_share(const mdg_softmax_row *row, int32_t exp) {
    if (row->exponent >= 32) return 0;
    return mdg_rounding_shift_right(mdg_scalar_high_mul(row->reciprocal, exp), row->exponent);
}

MDG_KERNEL void mdg_softmax_table_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_softmax_table_params *p = (const mdg_softmax_table_params *)params;
    const int8_t *x = (const int8_t *)in[0];       /* [rows][depth] */
    const int32_t *table = (const int32_t *)in[1]; /* [entries], Q0.31 */
    int8_t *y = (int8_t *)out[0];                  /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++, x += p->depth, y += p->depth) {
        const int32_t max = softmax_table_max(x, p->depth);
        const mdg_softmax_row row = mdg_softmax_s8_shares(max, softmax_table_sum(p, table, x, max), 8);
        for (int32_t c = 0; c < p->depth; c++) {
            const int32_t share = softmax_table_share(&row, softmax_table_exp(p, table, max - x[c]));
            y[c] = (int8_t)mdg_clamp(INT8_MIN + share, INT8_MIN, INT8_MAX);
        }
    }
}
