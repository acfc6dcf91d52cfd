/* SPDX-License-Identifier: MIT
 *
 * RELU6 on int16: y = clamp(x), input and output having one scale and zero point.
 */
#include "midge/kernel.h"
#include "../../fixed.h"
#include "unary.h"

MDG_UNARY_KERNEL(clamp_s16, clamp, int16_t, int16_t, mdg_clamp(x, p->min, p->max))
