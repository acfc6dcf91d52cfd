/* SPDX-License-Identifier: MIT
 *
 * ABS, NEG, SQUARE, SQRT, RSQRT, EXP, LOG, SIN, COS, FLOOR, CEIL, ROUND (halves to even) on float32
 */
#include <math.h>

#include "midge/kernel.h"
#include "unary.h"

MDG_UNARY_KERNEL(abs_f32, unary, float, float, fabsf(x))
MDG_UNARY_KERNEL(neg_f32, unary, float, float, -x)
MDG_UNARY_KERNEL(square_f32, unary, float, float, x *x)
MDG_UNARY_KERNEL(sqrt_f32, unary, float, float, sqrtf(x))
MDG_UNARY_KERNEL(rsqrt_f32, unary, float, float, 1.0f / sqrtf(x))
MDG_UNARY_KERNEL(exp_f32, unary, float, float, expf(x))
MDG_UNARY_KERNEL(log_f32, unary, float, float, logf(x))
MDG_UNARY_KERNEL(sin_f32, unary, float, float, sinf(x))
MDG_UNARY_KERNEL(cos_f32, unary, float, float, cosf(x))
MDG_UNARY_KERNEL(floor_f32, unary, float, float, floorf(x))
MDG_UNARY_KERNEL(ceil_f32, unary, float, float, ceilf(x))
MDG_UNARY_KERNEL(round_f32, unary, float, float, rintf(x))
