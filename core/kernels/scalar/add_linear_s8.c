/* SPDX-License-Identifier: MIT
 *
 * ADD on int8, element by element, without broadcasting: y = (a * a_scale + b * b_scale + offset) >> shift,
 * clamped. The desktop has compared that with the reference for all 65,536 pairs.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_add_linear_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_add_linear_params q = *(const mdg_add_linear_params *)params;
    const int8_t *a = (const int8_t *)in[0]; /* [count] */
    const int8_t *b = (const int8_t *)in[1]; /* [count] */
    int8_t *y = (int8_t *)out[0];            /* [count] */

    for (int32_t i = 0; i < q.count; i++) {
        const int32_t sum =
            mdg_wrapping_add(a[i] * q.a_scale, mdg_wrapping_add(b[i] * q.b_scale, q.offset)) >> q.shift;
        y[i] = (int8_t)mdg_clamp(sum, q.act_min, q.act_max);
    }
}
