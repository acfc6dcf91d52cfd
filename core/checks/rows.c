/* SPDX-License-Identifier: MIT
 *
 * Operators that work row by row: L2_NORMALIZATION, EMBEDDING_LOOKUP.
 */
#include "../check.h"

enum { MAX_SQUARES = 33025 }; /* of int8 differences that a 32-bit sum holds: 2^31 / 255^2 */

static bool has_rows(const mdg_rows_params *p, const mdg_sizes *s, uint32_t size) {
    const uint32_t count = mdg_count2(p->rows, p->depth);
    return mdg_has_in(s, 0, count, size) && mdg_has_out(s, 0, count, size);
}

static bool l2_normalization_s8(const mdg_l2_normalization_params *p, const mdg_sizes *s, uint32_t size) {
    const mdg_rows_params shape = {p->rows, p->depth};
    return has_rows(&shape, s, size) && p->depth <= MAX_SQUARES && mdg_is_int(p->in_zero, 8);
}

static bool embedding_lookup(const mdg_embedding_lookup_params *p, const mdg_sizes *s, uint32_t out_size) {
    return mdg_has_in(s, 0, mdg_count1(p->count), sizeof(int32_t)) &&
           mdg_has_in(s, 1, mdg_count2(p->rows, p->row_size), 1) &&
           mdg_has_out(s, 0, mdg_count2(p->count, p->row_size), out_size);
}

MDG_CHECK(l2_normalization_s8, l2_normalization, l2_normalization_s8, 1)
MDG_CHECK(l2_normalization_f32, rows, has_rows, sizeof(float))
MDG_CHECK(embedding_lookup, embedding_lookup, embedding_lookup, 1)
MDG_CHECK(embedding_lookup_s8_f32, embedding_lookup, embedding_lookup, sizeof(float))
