/* SPDX-License-Identifier: MIT
 *
 * ADD on int8, element by element, without broadcasting. Operand a has the larger scale, which the reference
 * multiplies by one half exactly, so that it needs no rounding: the sum is twice that of the reference.
 *
 * Both requantisations are two-sided (mac.h): (high word of x * mult, rounded, + offset + x's sign) >> right
 */
#include "midge/kernel.h"
#include "../../simd32.h"

static inline int32_t add_smlad_scale(int32_t x, int32_t mult, int32_t offset, int32_t right) {
    return mdg_smmlar(x, mult, mdg_wrapping_add(offset, x >> 31)) >> right;
}

static inline int8_t add_smlad_element(const mdg_add_smlad_params *p, int32_t a, int32_t b) {
    const int32_t scaled = add_smlad_scale(b * p->b_scale + p->b_start, p->b_mult, p->b_offset, p->b_right);
    const int32_t sum = a * (1 << 20) + p->a_start + 2 * scaled;
    return (int8_t)mdg_ssat8(add_smlad_scale(sum, p->mult, p->offset, p->right));
}

MDG_KERNEL void mdg_add_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_add_smlad_params q = *(const mdg_add_smlad_params *)params;
    const int8_t *a = (const int8_t *)in[0]; /* [count] */
    const int8_t *b = (const int8_t *)in[1]; /* [count] */
    int8_t *y = (int8_t *)out[0];            /* [count] */

    int32_t left = q.count;
    for (; left >= 4; left -= 4, a += 4, b += 4, y += 4) {
        y[0] = add_smlad_element(&q, a[0], b[0]);
        y[1] = add_smlad_element(&q, a[1], b[1]);
        y[2] = add_smlad_element(&q, a[2], b[2]);
        y[3] = add_smlad_element(&q, a[3], b[3]);
    }
    for (; left > 0; left--) *y++ = add_smlad_element(&q, *a++, *b++);
}
