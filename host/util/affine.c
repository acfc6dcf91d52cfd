/* SPDX-License-Identifier: MIT */
#include "util/affine.h"

#include <math.h>

/* Of the two ends of the range, the zero point is derived from the one where rounding it hurts less (TFLite's
 * rule); with one end at 0 that end is exact. */
mdg_affine mdg_affine_of_range(float lo, float hi) {
    const double min = fmin((double)lo, 0.0), max = fmax((double)hi, 0.0);
    if (max - min < 1e-30) return (mdg_affine){1.0f, 0};
    const double scale = (max - min) / 255.0;
    const double from_min = -128.0 - min / scale, from_max = 127.0 - max / scale;
    const double error_min = 128.0 + fabs(min / scale), error_max = 127.0 + fabs(max / scale);
    const double zero = round(error_min < error_max ? from_min : from_max);
    return (mdg_affine){(float)scale, (int32_t)fmin(fmax(zero, -128.0), 127.0)};
}

static int8_t clamp_int8(float steps, float lo) {
    return (int8_t)fminf(fmaxf(steps, lo), 127.0f);
}

int8_t mdg_affine_to_int8(mdg_affine a, float x) {
    return clamp_int8(roundf(x / a.scale) + (float)a.zero_point, -128.0f);
}

float mdg_weight_scale(float largest, float bias, float input_scale, float fallback) {
    /* A quarter of int32 for the bias leaves the rest to the products. */
    const float bias_limit = 0x1p29f;
    const float for_weights = (largest > 0.0f ? largest : fallback) / 127.0f;
    const float for_bias = fabsf(bias) / input_scale / bias_limit;
    return fmaxf(for_weights, for_bias);
}

float mdg_weight_inverse(float largest, float scale) {
    return scale == largest / 127.0f ? 127.0f / largest : 1.0f / scale;
}

int8_t mdg_weight_to_int8(float w, float inverse) {
    return clamp_int8(roundf(w * inverse), -127.0f);
}

mdg_channel mdg_channel_of(const float *w, size_t n, size_t run, int count, int c) {
    const size_t step = run * (size_t)count;
    return (mdg_channel){.w = w + (size_t)c * run, .run = run, .step = step, .n_blocks = n / step};
}

float mdg_channel_largest(const mdg_channel *ch) {
    float most = 0.0f;
    for (size_t b = 0; b < ch->n_blocks; b++)
        for (size_t i = 0; i < ch->run; i++) most = fmaxf(most, fabsf(ch->w[b * ch->step + i]));
    return most;
}

static double squared_error_int4(const mdg_channel *ch, float scale) {
    double sum = 0.0;
    for (size_t b = 0; b < ch->n_blocks; b++)
        for (size_t i = 0; i < ch->run; i++) {
            const float w = ch->w[b * ch->step + i], error = w - scale * (float)mdg_weight_to_int4(w, scale);
            sum += (double)(error * error);
        }
    return sum;
}

float mdg_channel_scale_int4(const mdg_channel *ch) {
    const float whole = mdg_channel_largest(ch) / 7.0f;
    float best = whole;
    double least = INFINITY;
    if (!(whole > 0.0f)) return 0.0f;
    for (int percent = 100; percent >= 50; percent -= 5) {
        const float scale = whole * (float)percent / 100.0f;
        const double error = squared_error_int4(ch, scale);
        if (error >= least) continue;
        least = error;
        best = scale;
    }
    return best;
}

mdg_affine mdg_affine_int16_of_range(float lo, float hi) {
    const float most = fmaxf(fabsf(lo), fabsf(hi));
    return (mdg_affine){most > 1e-30f ? most / 32767.0f : 1.0f, 0};
}

int16_t mdg_affine_to_int16(mdg_affine a, float x) {
    return (int16_t)fminf(fmaxf(roundf(x / a.scale), -32767.0f), 32767.0f);
}

int64_t mdg_bias_to_int64(float bias, float scale) {
    return (int64_t)fmin(fmax(round((double)bias / (double)scale), -0x1p39), 0x1p39);
}

int32_t mdg_bias_to_int32(float bias, float scale) {
    const double steps = round((double)bias / (double)scale);
    return (int32_t)fmin(fmax(steps, (double)INT32_MIN), (double)INT32_MAX);
}
