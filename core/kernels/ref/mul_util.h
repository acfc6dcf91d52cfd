/* SPDX-License-Identifier: MIT
 *
 * mul_util.h: MUL of quantised numbers of any width, |a - a_zero| * |b - b_zero| < 2^31.
 */
#ifndef MDG_REF_MUL_UTIL_H
#define MDG_REF_MUL_UTIL_H

#include "../../fixed.h"

static inline int32_t mdg_mul_scaled(const mdg_mul_params *p, int32_t a, int32_t b) {
    const int32_t q = mdg_requantize_to((a - p->a_zero) * (b - p->b_zero), p->mult, p->shift, p->out_zero);
    return mdg_clamp(q, p->act_min, p->act_max);
}

#endif
