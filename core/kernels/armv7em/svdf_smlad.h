/* SPDX-License-Identifier: MIT
 *
 * svdf_smlad.h: SVDF on int8, as ref/svdf_s8.h has it: features four at a time (dense.h), memories by words.
 *
 * MDG_SVDF_SMLAD_KERNEL(name, type, product, min, max) defines the kernel mdg_<name> whose state has the
 * type; product(time, state, n) is the sum of their products. Biases contain the zero points.
 */
#ifndef MDG_ARMV7EM_SVDF_SMLAD_H
#define MDG_ARMV7EM_SVDF_SMLAD_H

#include "midge/kernel.h"
#include "dense.h"

/* Moves all but the first `by` bytes to the front; by is less than a word. */
static inline void mdg_svdf_shift(int8_t *state, int32_t bytes, int32_t by) {
    int32_t i = 0;
    for (; i + by + 4 <= bytes; i += 4) mdg_store4(state + i, mdg_load4(state + i + by));
    for (; i + by < bytes; i++) state[i] = state[i + by];
}

#define MDG_SVDF_SMLAD_KERNEL(name, type, product, min, max)                                                 \
    static inline void name##_remember(const mdg_svdf_smlad_params *p, const int8_t *x, const int32_t *w,    \
                                       type *state) {                                                        \
        const int32_t filters = p->units * p->rank;                                                          \
        for (int32_t f = 0; f < filters; f += 4) {                                                           \
            int32_t sum[4];                                                                                  \
            w = mdg_dense_sums(x, w, p->in_c, p->chunk, sum);                                                \
            for (int32_t i = 0; i < 4 && f + i < filters; i++, state += p->memory)                           \
                state[p->memory - 1] = (type)mdg_clamp(                                                      \
                    mdg_requantize_to(sum[i], p->feature_mult, p->feature_shift, p->state_zero), min, max);  \
        }                                                                                                    \
    }                                                                                                        \
    MDG_KERNEL void mdg_##name(const void *params, const void *const *in, void *const *out) {                \
        const mdg_svdf_smlad_params *p = (const mdg_svdf_smlad_params *)params;                              \
        const int8_t *x = (const int8_t *)in[0];      /* [batches][in_c] */                                  \
        const int32_t *w = (const int32_t *)in[1];    /* stream of [units * rank] rows */                    \
        const int32_t *bias = (const int32_t *)in[3]; /* [units] */                                          \
        int8_t *y = (int8_t *)out[0];                 /* [batches][units] */                                 \
        type *state = (type *)out[1];                 /* [batches][units * rank][memory] */                  \
        const int32_t weights = p->rank * p->memory, all = p->batches * p->units * weights;                  \
        mdg_svdf_shift((int8_t *)state, all *(int32_t)sizeof(type), (int32_t)sizeof(type));                  \
        for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {                                             \
            const type *time = (const type *)in[2]; /* [units * rank][memory] */                             \
            name##_remember(p, x, w, state);                                                                 \
            for (int32_t u = 0; u < p->units; u++, time += weights, state += weights) {                      \
                const int32_t sum = mdg_wrapping_add(bias[u], product(time, state, weights));                \
                *y++ = (int8_t)mdg_ssat8(mdg_requantize_to(sum, p->out_mult, p->out_shift, p->out_zero));    \
            }                                                                                                \
        }                                                                                                    \
    }

#endif
