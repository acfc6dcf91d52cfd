/* SPDX-License-Identifier: MIT
 *
 * float_util.h: what float kernels share.
 */
#ifndef MDG_REF_FLOAT_UTIL_H
#define MDG_REF_FLOAT_UTIL_H

#include <stdint.h>

/* NaN stays NaN. */
static inline float mdg_limit_f32(float x, float lo, float hi) {
    return x < lo ? lo : x > hi ? hi : x;
}

/* clamp(round(x) + zero, min, max), halves away from zero; NaN becomes min. |min|, |max|, |zero| < 2^20. */
static inline int32_t mdg_quantize_f32(float x, int32_t zero, int32_t min, int32_t max) {
    if (!(x >= (float)(min - zero))) return min;
    if (x >= (float)(max - zero)) return max;
    const int32_t whole = (int32_t)x;
    const float rest = x - (float)whole;
    return zero + whole + (rest >= 0.5f ? 1 : rest <= -0.5f ? -1 : 0);
}

#endif
