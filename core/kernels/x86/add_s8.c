/* SPDX-License-Identifier: MIT
 *
 * ADD on int8 for x86-64: eight elements at once, of operands that lie as the output does.
 */
#include "midge/kernel.h"
#include "../ref/add_util.h"
#include "../ref/broadcast.h"
#include "reference.h"
#include "requantize.h"

/* An operand: (x - zero) << left_shift, requantised */
typedef struct operand {
    __m256i zero;
    mdg_factors factors;
} operand;

MDG_AVX2 static operand operand_of(int32_t zero, int32_t mult, int32_t shift) {
    operand o;
    o.zero = _mm256_set1_epi32(zero);
    o.factors = mdg_one_factor(mult, shift);
    return o;
}

MDG_AVX2_INLINE __m256i load_operand(const operand *o, int32_t left_shift, const int8_t *x) {
    const __m256i wide = _mm256_cvtepi8_epi32(_mm_loadl_epi64((const __m128i *)(const void *)x));
    const __m256i scaled = _mm256_slli_epi32(_mm256_sub_epi32(wide, o->zero), left_shift);
    return mdg_requantize_lanes(scaled, &o->factors);
}

MDG_AVX2 static void add_row(const mdg_add_params *p, const int8_t *a, const int8_t *b, int8_t *y) {
    const int32_t n = p->dim[p->rank - 1], whole = n - n % MDG_LANES;
    const operand first = operand_of(p->a_zero, p->a_mult, p->a_shift);
    const operand second = operand_of(p->b_zero, p->b_mult, p->b_shift);
    const mdg_factors factors = mdg_one_factor(p->out_mult, p->out_shift);
    const mdg_range range = mdg_range_of(p->out_zero, p->act_min, p->act_max);
    for (int32_t i = 0; i < whole; i += MDG_LANES) {
        const __m256i sums = _mm256_add_epi32(load_operand(&first, p->left_shift, a + i),
                                              load_operand(&second, p->left_shift, b + i));
        const __m256i q = mdg_requantize_lanes(sums, &factors);
        _mm_storel_epi64((__m128i *)(void *)(y + i), mdg_to_bytes(q, &range));
    }
    for (int32_t i = whole; i < n; i++) y[i] = (int8_t)mdg_add_sum(p, a[i], b[i]);
}

static void add_rows(const mdg_add_params *p, const int8_t *a, const int8_t *b, int8_t *y) {
    const int32_t outer = p->rank - 1, rows = mdg_broadcast_rows(p->dim, outer);
    for (int32_t row = 0; row < rows; row++, y += p->dim[outer])
        add_row(p, a + mdg_broadcast_offset(p->dim, p->a_stride, outer, row),
                b + mdg_broadcast_offset(p->dim, p->b_stride, outer, row), y);
}

MDG_KERNEL void mdg_add_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_add_params *p = (const mdg_add_params *)params;
    const int32_t last = p->rank - 1;
    if (mdg_has_avx2() && p->a_stride[last] == 1 && p->b_stride[last] == 1)
        add_rows(p, (const int8_t *)in[0], (const int8_t *)in[1], (int8_t *)out[0]);
    else
        mdg_ref_add_s8(params, in, out);
}
