/* SPDX-License-Identifier: MIT
 *
 * MUL on int8, with broadcasting: as mul_s8, without products of 64 bits and without the clamp.
 */
#include "midge/kernel.h"
#include "../ref/broadcast.h"
#include "requantize.h"

static inline int32_t mul_scalar_element(const mdg_mul_scalar_params *p, int32_t a, int32_t b) {
    mdg_scalar_factors f;
    f.lower = p->lower, f.offset = p->offset, f.shift = p->shift, f.upper = p->upper;
    return mdg_scalar_to_s8((a - p->a_zero) * (b - p->b_zero), &f, 1);
}

MDG_BROADCAST_KERNEL(mul_scalar_s8, mul_scalar, int8_t, int8_t, mul_scalar_element)
