/* SPDX-License-Identifier: MIT
 *
 * compare.h: the operands of a comparison of quantised numbers, brought to one scale.
 */
#ifndef MDG_REF_COMPARE_H
#define MDG_REF_COMPARE_H

#include "midge/kernel.h"
#include "../../fixed.h"
#include "broadcast.h"

/* Eight bits of headroom below keep the fraction of the scaled difference. */
static inline int32_t mdg_compare_a(const mdg_compare_params *p, int32_t a) {
    return mdg_requantize((a - p->a_zero) * 256, p->a_mult, p->a_shift);
}

static inline int32_t mdg_compare_b(const mdg_compare_params *p, int32_t b) {
    return mdg_requantize((b - p->b_zero) * 256, p->b_mult, p->b_shift);
}

#endif
