/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL on int8: y = clamp(requantize(sum (a - a_zero) * (b - b_zero), mult, shift) + y_zero)
 */
#include "batch_matmul.h"
#include "../../fixed.h"

static inline int32_t batch_matmul_s8_product(const mdg_batch_matmul_params *p, int32_t a, int32_t b) {
    return (a - p->a_zero) * (b - p->b_zero);
}

static inline int8_t batch_matmul_s8_finish(const mdg_batch_matmul_params *p, int32_t sum) {
    return (int8_t)mdg_clamp(mdg_requantize_to(sum, p->mult, p->shift, p->out_zero), INT8_MIN, INT8_MAX);
}

MDG_BATCH_MATMUL_KERNEL(batch_matmul_s8, batch_matmul, int8_t, int32_t, batch_matmul_s8_product,
                        batch_matmul_s8_finish)
