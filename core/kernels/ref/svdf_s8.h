/* SPDX-License-Identifier: MIT
 *
 * svdf_s8.h: SVDF on int8, with state and time weights of int8 or int16.
 *
 * A unit is `rank` filters. Each filter projects the input to one number, which enters the filter's memory at
 * the end while the oldest leaves at the front, and weighs its memory by time:
 *
 *     state[filter] = (state[filter] << 1), clamp(requantize(sum (x - x_zero) * w, feature) + state_zero)
 *     y[unit] = clamp(requantize(bias[unit] + sum time[filter] * (state[filter] - state_zero), out) + y_zero)
 *
 * MDG_SVDF_S8_KERNEL(name, type, min, max) defines the kernel mdg_<name> whose state has the type.
 */
#ifndef MDG_REF_SVDF_S8_H
#define MDG_REF_SVDF_S8_H

#include "midge/kernel.h"
#include "../../fixed.h"

static inline int32_t mdg_svdf_s8_feature(const mdg_svdf_params *p, const int8_t *x, const int8_t *w) {
    int32_t sum = 0;
    for (int32_t c = 0; c < p->in_c; c++) sum += (x[c] - p->in_zero) * w[c];
    return mdg_requantize_to(sum, p->feature_mult, p->feature_shift, p->state_zero);
}

#define MDG_SVDF_S8_KERNEL(name, type, min, max)                                                             \
    static inline void name##_remember(const mdg_svdf_params *p, const int8_t *x, const int8_t *w,           \
                                       type *state) {                                                        \
        const int32_t filters = p->units * p->rank;                                                          \
        for (int32_t i = 1; i < p->batches * filters * p->memory; i++) state[i - 1] = state[i];              \
        for (int32_t b = 0; b < p->batches; b++) {                                                           \
            for (int32_t f = 0; f < filters; f++, state += p->memory) {                                      \
                const int32_t q = mdg_svdf_s8_feature(p, x + b * p->in_c, w + f * p->in_c);                  \
                state[p->memory - 1] = (type)mdg_clamp(q, min, max);                                         \
            }                                                                                                \
        }                                                                                                    \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_svdf_params *p = (const mdg_svdf_params *)params;                                          \
        const int8_t *x = (const int8_t *)in[0];      /* [batches][in_c] */                                  \
        const int8_t *w = (const int8_t *)in[1];      /* [units * rank][in_c] */                             \
        const int32_t *bias = (const int32_t *)in[3]; /* [units] or NULL */                                  \
        int8_t *y = (int8_t *)out[0];                 /* [batches][units] */                                 \
        const type *state = (const type *)out[1];     /* [batches][units * rank][memory] */                  \
        name##_remember(p, x, w, (type *)out[1]);                                                            \
        for (int32_t b = 0; b < p->batches; b++) {                                                           \
            const type *time = (const type *)in[2]; /* [units * rank][memory] */                             \
            for (int32_t u = 0; u < p->units; u++) {                                                         \
                int32_t sum = bias ? bias[u] : 0;                                                            \
                for (int32_t i = 0; i < p->rank * p->memory; i++)                                            \
                    sum = mdg_wrapping_add(sum, *time++ * (*state++ - p->state_zero));                       \
                const int32_t q = mdg_requantize_to(sum, p->out_mult, p->out_shift, p->out_zero);            \
                *y++ = (int8_t)mdg_clamp(q, INT8_MIN, INT8_MAX);                                             \
            }                                                                                                \
        }                                                                                                    \
    }

#endif
