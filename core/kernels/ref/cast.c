/* SPDX-License-Identifier: MIT
 *
 * CAST: integers keep their low bits, bool is 0 or 1, floats are cut off towards zero. Floats that do not fit
 * become what x86 makes of them, which is where TFLM's results come from: 2^31 and beyond, -2^31 and below,
 * and NaN turn to -2^31 before the low bits are taken.
 */
#include "midge/kernel.h"
#include "unary.h"

static inline int32_t mdg_cast_f32_s32_of(float x) {
    return x > -2147483648.0f && x < 2147483648.0f ? (int32_t)x : INT32_MIN;
}

/* The same by way of 64 bits */
static inline uint32_t mdg_cast_f32_u32_of(float x) {
    const float limit = 9223372036854775808.0f;
    return x > -limit && x < limit ? (uint32_t)(int64_t)x : 0;
}

MDG_UNARY_KERNEL(cast_s8_s16, unary, int8_t, int16_t, x)
MDG_UNARY_KERNEL(cast_s8_s32, unary, int8_t, int32_t, x)
MDG_UNARY_KERNEL(cast_s8_f32, unary, int8_t, float, x)
MDG_UNARY_KERNEL(cast_s16_s8, unary, int16_t, int8_t, x)
MDG_UNARY_KERNEL(cast_s16_s32, unary, int16_t, int32_t, x)
MDG_UNARY_KERNEL(cast_s16_f32, unary, int16_t, float, x)
MDG_UNARY_KERNEL(cast_s32_s8, unary, int32_t, int8_t, x)
MDG_UNARY_KERNEL(cast_s32_s16, unary, int32_t, int16_t, x)
MDG_UNARY_KERNEL(cast_s32_f32, unary, int32_t, float, x)
MDG_UNARY_KERNEL(cast_u32_f32, unary, uint32_t, float, x)
MDG_UNARY_KERNEL(cast_bool_s8, unary, uint8_t, int8_t, x != 0)
MDG_UNARY_KERNEL(cast_bool_s16, unary, uint8_t, int16_t, x != 0)
MDG_UNARY_KERNEL(cast_bool_s32, unary, uint8_t, int32_t, x != 0)
MDG_UNARY_KERNEL(cast_bool_f32, unary, uint8_t, float, x != 0)
MDG_UNARY_KERNEL(cast_f32_s8, unary, float, int8_t, mdg_cast_f32_s32_of(x))
MDG_UNARY_KERNEL(cast_f32_s16, unary, float, int16_t, mdg_cast_f32_s32_of(x))
MDG_UNARY_KERNEL(cast_f32_s32, unary, float, int32_t, mdg_cast_f32_s32_of(x))
MDG_UNARY_KERNEL(cast_f32_u32, unary, float, uint32_t, mdg_cast_f32_u32_of(x))
