/* SPDX-License-Identifier: MIT
 *
 * MUL on int8, with broadcasting: as mul_s8, with two-sided requantisation (mac.h).
 */
#include "midge/kernel.h"
#include "../../simd32.h"
#include "../ref/broadcast.h"

static inline int32_t mul_smlad_element(const mdg_mul_smlad_params *p, int32_t a, int32_t b) {
    const int32_t x = (a - p->a_zero) * (b - p->b_zero);
    return mdg_ssat8(mdg_smmlar(2 * x, p->mult, mdg_wrapping_add(p->offset, x >> 31)) >> p->right);
}

MDG_BROADCAST_KERNEL(mul_smlad_s8, mul_smlad, int8_t, int8_t, mul_smlad_element)
