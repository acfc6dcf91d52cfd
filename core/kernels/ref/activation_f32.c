/* SPDX-License-Identifier: MIT
 *
 * LEAKY_RELU, ELU, HARD_SWISH, LOGISTIC, TANH on float32; NaN stays NaN.
 */
#include <math.h>

#include "midge/kernel.h"
#include "float_util.h"
#include "unary.h"

/* 1 / (1 + exp(-x)), by its limits where that is as exact */
static inline float mdg_logistic_f32_of(float x) {
    if (x > 16.619047164916992188f) return 1.0f;
    return x < -9.0f ? expf(x) : 1.0f / (1.0f + expf(-x));
}

MDG_UNARY_KERNEL(leaky_relu_f32, leaky_relu_f32, float, float, x > 0.0f ? x : x * p->alpha)
MDG_UNARY_KERNEL(elu_f32, unary, float, float, x < 0.0f ? expm1f(x) : x)
MDG_UNARY_KERNEL(hard_swish_f32, unary, float, float, x *mdg_limit_f32(x + 3.0f, 0.0f, 6.0f) / 6.0f)
MDG_UNARY_KERNEL(logistic_f32, unary, float, float, mdg_logistic_f32_of(x))
MDG_UNARY_KERNEL(tanh_f32, unary, float, float, tanhf(x))
