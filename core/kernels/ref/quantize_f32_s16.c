/* SPDX-License-Identifier: MIT
 *
 * QUANTIZE float32 to int16: y = clamp(round(x / scale) + zero), halves away from zero.
 */
#include "midge/kernel.h"
#include "float_util.h"
#include "unary.h"

MDG_UNARY_KERNEL(quantize_f32_s16, affine, float, int16_t,
                 mdg_quantize_f32(x / p->scale, p->zero, INT16_MIN, INT16_MAX))
