/* SPDX-License-Identifier: MIT
 *
 * CUMSUM on int8 along one dimension: with (exclusive: without) the element itself, from the end (reverse).
 * Sums are kept with 19 fractional bits, and begin at minus the zero point, as in TFLM.
 */
#include "midge/kernel.h"
#include "../../fixed.h"

MDG_KERNEL void mdg_cumsum_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_cumsum_params *p = (const mdg_cumsum_params *)params;
    const int8_t *x = (const int8_t *)in[0]; /* [outer][axis][inner] */
    int8_t *y = (int8_t *)out[0];
    const int32_t one = INT32_C(1) << 19;

    for (int32_t line = 0; line < p->outer * p->inner; line++) {
        const int32_t base = line / p->inner * p->axis * p->inner + line % p->inner;
        int32_t sum = -p->in_zero * one;
        for (int32_t k = 0; k < p->axis; k++) {
            const int32_t i = base + (p->reverse ? p->axis - 1 - k : k) * p->inner;
            const int32_t before = sum;
            sum = mdg_wrapping_add(sum, (x[i] - p->in_zero) * one);
            const int32_t q = mdg_requantize_to(p->exclusive ? before : sum, p->mult, p->shift, p->out_zero);
            y[i] = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);
        }
    }
}
