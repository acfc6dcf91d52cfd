/* SPDX-License-Identifier: MIT
 *
 * LOG_SOFTMAX on int8, in fixed point: y = x - max - log(sum of exp(x - max)) over each row, in 1/16, zero
 * point 127.
 *
 * Differences to the row's maximum are Q5.26, the sum of their exponentials is Q12.19 (depth is at most
 * 4095). Differences below diff_min do not fit Q5.26; those that no longer fit when the logarithm is taken
 * off become the smallest output.
 */
#include "midge/kernel.h"
#include "../../fixed_log.h"

static inline int32_t log_softmax_s8_log_sum(const mdg_log_softmax_params *p, const int8_t *x, int32_t max) {
    int32_t sum = 0;
    for (int32_t c = 0; c < p->depth; c++) {
        if (x[c] - max < p->diff_min) continue;
        sum += mdg_rounding_shift_right(mdg_exp_q5_26(mdg_requantize(x[c] - max, p->mult, p->shift)), 12);
    }
    return mdg_log_q5_26(sum);
}

static inline void log_softmax_s8_row(const mdg_log_softmax_params *p, const int8_t *x, int8_t *y) {
    int32_t max = INT8_MIN;
    for (int32_t c = 0; c < p->depth; c++) max = x[c] > max ? x[c] : max;
    const int32_t log_sum = log_softmax_s8_log_sum(p, x, max);
    const int32_t lowest = mdg_requantize(INT32_MIN + log_sum, p->inverse_mult, p->inverse_shift);
    const int32_t bound = lowest > p->diff_min - 1 ? lowest : p->diff_min - 1;

    for (int32_t c = 0; c < p->depth; c++) {
        int32_t q = INT8_MIN;
        if (x[c] - max > bound) {
            const int32_t scaled = mdg_requantize(x[c] - max, p->mult, p->shift);
            q = mdg_rounding_shift_right(mdg_wrapping_add(scaled, -log_sum), 22) + INT8_MAX;
        }
        y[c] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
    }
}

MDG_KERNEL void mdg_log_softmax_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_log_softmax_params *p = (const mdg_log_softmax_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [rows][depth] */
    int8_t *y = (int8_t *)out[0];            /* [rows][depth] */

    for (int32_t r = 0; r < p->rows; r++) log_softmax_s8_row(p, x + r * p->depth, y + r * p->depth);
}
