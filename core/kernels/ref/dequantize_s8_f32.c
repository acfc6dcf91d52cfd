/* SPDX-License-Identifier: MIT
 *
 * DEQUANTIZE int8 to float32: y = scale * (x - zero). The difference has few bits, so that the float product
 * is rounded once and equals the product in double that TFLM rounds to float.
 */
#include "midge/kernel.h"
#include "unary.h"

MDG_UNARY_KERNEL(dequantize_s8_f32, affine, int8_t, float, p->scale *(float)(x - p->zero))
