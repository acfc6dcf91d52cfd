/* SPDX-License-Identifier: MIT
 *
 * affine.h: the arithmetic of quantisation: ranges to scales, values to integers. host/quant writes integers
 * with it, host/train rounds to what they will stand for.
 */
#ifndef MDG_UTIL_AFFINE_H
#define MDG_UTIL_AFFINE_H

#include <stddef.h>
#include <stdint.h>

typedef struct mdg_affine {
    float scale;
    int32_t zero_point;
} mdg_affine;

/* Scale and zero point of int8 values that cover lo..hi and hold 0 exactly. */
mdg_affine mdg_affine_of_range(float lo, float hi);

static inline float mdg_affine_lo(mdg_affine a) {
    return a.scale * (float)(-128 - a.zero_point);
}
static inline float mdg_affine_hi(mdg_affine a) {
    return a.scale * (float)(127 - a.zero_point);
}

/* round(x / scale) + zero_point in [-128, 127]; halves away from zero, the quotient rounded to float first,
 * as TFLite does it. */
int8_t mdg_affine_to_int8(mdg_affine a, float x);

/* The scale of symmetric weights in [-127, 127], given the largest of them. The bias, an int32 at input_scale
 * * scale, must fit as well: a channel of tiny weights with a large bias gets a larger scale. fallback: what
 * an all-zero channel counts as its largest. */
float mdg_weight_scale(float largest, float bias, float input_scale, float fallback);

/* Weights times this, rounded, are the int8 values. TFLite's converter multiplies by the float 127 / largest,
 * and so do we, to write the very same weights. */
float mdg_weight_inverse(float largest, float scale);

int8_t mdg_weight_to_int8(float w, float inverse);

/* The weights of one channel, which share a scale: n_blocks runs of `run` weights, `step` apart. */
typedef struct mdg_channel {
    const float *w;
    size_t run, step, n_blocks;
} mdg_channel;

/* Of channel c of n weights: element i belongs to channel i / run % count. */
mdg_channel mdg_channel_of(const float *w, size_t n, size_t run, int count, int c);

float mdg_channel_largest(const mdg_channel *ch);

/* The scale of 4-bit weights in [-7, 7]: of some between 0.5 and 1 times largest / 7 the one with the least
 * squared error. What is far out is cut off, so that the many small ones have finer steps. 0 for zeros. */
float mdg_channel_scale_int4(const mdg_channel *ch);

/* round(w / scale) in [-7, 7]; halves away from zero. */
static inline int8_t mdg_weight_to_int4(float w, float scale) {
    const float steps = w / scale, within = steps < -7.0f ? -7.0f : steps > 7.0f ? 7.0f : steps;
    return (int8_t)(within + (within < 0.0f ? -0.5f : 0.5f));
}

/* Symmetric int16 values that cover lo..hi, without -32768. */
mdg_affine mdg_affine_int16_of_range(float lo, float hi);
int16_t mdg_affine_to_int16(mdg_affine a, float x);

int64_t mdg_bias_to_int64(float bias, float scale);
int32_t mdg_bias_to_int32(float bias, float scale);

#endif
