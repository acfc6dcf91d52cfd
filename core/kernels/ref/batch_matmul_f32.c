/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL on float32: y = sum a * b
 */
#include "batch_matmul.h"

static inline float batch_matmul_f32_product(const mdg_batch_matmul_shape_params *p, float a, float b) {
    (void)p;
    return a * b;
}

static inline float batch_matmul_f32_finish(const mdg_batch_matmul_shape_params *p, float sum) {
    (void)p;
    return sum;
}

MDG_BATCH_MATMUL_KERNEL(batch_matmul_f32, batch_matmul_shape, float, float, batch_matmul_f32_product,
                        batch_matmul_f32_finish)
