/* SPDX-License-Identifier: MIT */
#include "quant/affine.h"

#include <math.h>

/* Of the two ends of the range, the zero point is derived from the one where rounding it hurts less (TFLite's
 * rule); with one end at 0 that end is exact. */
mdg_affine mdg_affine_of_range(float lo, float hi) {
    const double min = fmin((double)lo, 0.0), max = fmax((double)hi, 0.0);
    if (max - min < 1e-30) return (mdg_affine){1.0f, 0};
    const float scale = (float)((max - min) / 255.0);
    const double from_min = -128.0 - min / (double)scale, from_max = 127.0 - max / (double)scale;
    const double error_min = 128.0 + fabs(min / (double)scale), error_max = 127.0 + fabs(max / (double)scale);
    const double zero = round(error_min < error_max ? from_min : from_max);
    return (mdg_affine){scale, (int32_t)fmin(fmax(zero, -128.0), 127.0)};
}

int8_t mdg_affine_to_int8(mdg_affine a, float x, int32_t lo) {
    const float steps = roundf(x / a.scale) + (float)a.zero_point;
    return (int8_t)fminf(fmaxf(steps, (float)lo), 127.0f);
}

float mdg_weight_scale(float largest, float bias, float input_scale, float fallback) {
    /* A quarter of int32 for the bias leaves the rest to the products. */
    const float bias_limit = 0x1p29f;
    const float for_weights = largest > 0.0f ? largest / 127.0f : fallback;
    const float for_bias = fabsf(bias) / input_scale / bias_limit;
    return fmaxf(for_weights, for_bias);
}

int32_t mdg_bias_to_int32(float bias, float scale) {
    const double steps = round((double)bias / (double)scale);
    return (int32_t)fmin(fmax(steps, (double)INT32_MIN), (double)INT32_MAX);
}
