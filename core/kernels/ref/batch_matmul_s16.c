/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL on int16, zero points 0: y = clamp(requantize(sum a * b, mult, shift)), summed in 64 bits.
 */
#include "batch_matmul.h"
#include "../../fixed.h"

static inline int32_t batch_matmul_s16_product(const mdg_batch_matmul_params *p, int32_t a, int32_t b) {
    (void)p;
    return a * b;
}

static inline int16_t batch_matmul_s16_finish(const mdg_batch_matmul_params *p, int64_t sum) {
    return mdg_saturate_s16(mdg_requantize_s64(sum, p->mult, p->shift));
}

MDG_BATCH_MATMUL_KERNEL(batch_matmul_s16, batch_matmul, int16_t, int64_t, batch_matmul_s16_product,
                        batch_matmul_s16_finish)
