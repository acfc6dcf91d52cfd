/* SPDX-License-Identifier: MIT
 *
 * requantize.h: from one scale to another: y = clamp(requantize(x - x_zero, mult, shift) + y_zero)
 */
#ifndef MDG_REF_REQUANTIZE_H
#define MDG_REF_REQUANTIZE_H

#include "../../fixed.h"

static inline int32_t mdg_requantized(const mdg_requantize_params *p, int32_t x) {
    const int32_t q = mdg_requantize_to(mdg_wrapping_sub(x, p->in_zero), p->mult, p->shift, p->out_zero);
    return mdg_clamp(q, p->act_min, p->act_max);
}

#endif
