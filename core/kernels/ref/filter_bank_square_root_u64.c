/* SPDX-License-Identifier: MIT
 *
 * SignalFilterBankSquareRoot: y = round(sqrt(x)) >> shift. The root is not rounded up to a number of more
 * bits than the roots of its half of the range have: 16 for x < 2^32, else 32.
 */
#include "midge/kernel.h"

/* Digit by digit: root is what is sure of it, rest what is left of x. */
static inline uint32_t mdg_square_root_u64(uint64_t x) {
    const uint64_t largest = x >> 32 ? UINT32_MAX : UINT16_MAX;
    uint64_t root = 0, rest = x, bit = (uint64_t)1 << 62;
    while (bit > x) bit >>= 2;
    for (; bit != 0; bit >>= 2) {
        const uint64_t step = root + bit;
        root >>= 1;
        if (rest < step) continue;
        rest -= step;
        root += bit;
    }
    return (uint32_t)(rest > root && root != largest ? root + 1 : root);
}

MDG_KERNEL void mdg_filter_bank_square_root_u64(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const uint64_t *x = (const uint64_t *)in[0]; /* [count] */
    const int32_t shift = *(const int32_t *)in[1] & 31;
    uint32_t *y = (uint32_t *)out[0]; /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = mdg_square_root_u64(x[i]) >> shift;
}
