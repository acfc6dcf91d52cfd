/* SPDX-License-Identifier: MIT
 *
 * BATCH_MATMUL.
 */
#include "../check.h"

enum { MAX_PRODUCTS = 33025 }; /* of two int8 differences that a 32-bit sum holds: 2^31 / 255^2 */

static bool has_operands(const void *params, const mdg_sizes *s, uint32_t size) {
    const mdg_batch_matmul_shape_params *p = (const mdg_batch_matmul_shape_params *)params;
    const int32_t *a = p->a_batch_stride, *b = p->b_batch_stride;
    const int32_t a_dim[] = {p->batch[0], p->batch[1], p->batch[2], p->rows, p->depth};
    const int32_t b_dim[] = {p->batch[0], p->batch[1], p->batch[2], p->depth, p->columns};
    const int32_t y_dim[] = {p->batch[0], p->batch[1], p->batch[2], p->rows, p->columns};
    const int32_t a_stride[] = {a[0], a[1], a[2], p->a_row_stride, p->a_column_stride};
    const int32_t b_stride[] = {b[0], b[1], b[2], p->b_row_stride, p->b_column_stride};
    const bool walks = p->depth == 1 || (p->a_column_stride > 0 && p->b_row_stride > 0);
    return walks && mdg_has_in(s, 0, mdg_span_of(a_dim, a_stride, 5), size) &&
           mdg_has_in(s, 1, mdg_span_of(b_dim, b_stride, 5), size) &&
           mdg_has_out(s, 0, mdg_count_of(y_dim, 5), size);
}

static bool batch_matmul_s8(const mdg_batch_matmul_params *p, const mdg_sizes *s, uint32_t size) {
    return has_operands(p, s, size) && p->depth <= MAX_PRODUCTS && mdg_is_int(p->a_zero, 8) &&
           mdg_is_int(p->b_zero, 8) && mdg_is_multiplier(p->mult, p->shift);
}

static bool batch_matmul_s16(const mdg_batch_matmul_params *p, const mdg_sizes *s, uint32_t size) {
    return has_operands(p, s, size) && mdg_is_multiplier(p->mult, p->shift) && p->shift <= 14;
}

MDG_CHECK(batch_matmul_s8, batch_matmul, batch_matmul_s8, 1)
MDG_CHECK(batch_matmul_s16, batch_matmul, batch_matmul_s16, sizeof(int16_t))
MDG_CHECK(batch_matmul_f32, batch_matmul_shape, has_operands, sizeof(float))
