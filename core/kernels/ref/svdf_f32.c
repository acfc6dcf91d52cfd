/* SPDX-License-Identifier: MIT
 *
 * SVDF on float32. A unit is `rank` filters; each projects the input to one number, which enters the filter's
 * memory at the end while the oldest leaves at the front, and weighs its memory by time:
 *
 *     state[filter] = (state[filter] << 1), sum x * w
 *     y[unit] = clamp(bias[unit] + sum over its filters of (sum time[filter] * state[filter]))
 */
#include "midge/kernel.h"
#include "float_util.h"

static inline float svdf_f32_dot(const float *a, const float *b, int32_t n) {
    float sum = 0.0f;
    for (int32_t i = 0; i < n; i++) sum += a[i] * b[i];
    return sum;
}

static inline void svdf_f32_remember(const mdg_svdf_f32_params *p, const float *x, const float *w,
                                     float *state) {
    const int32_t filters = p->units * p->rank;
    for (int32_t i = 1; i < p->batches * filters * p->memory; i++) state[i - 1] = state[i];
    for (int32_t b = 0; b < p->batches; b++)
        for (int32_t f = 0; f < filters; f++, state += p->memory)
            state[p->memory - 1] = svdf_f32_dot(w + f * p->in_c, x + b * p->in_c, p->in_c);
}

MDG_KERNEL void mdg_svdf_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_svdf_f32_params *p = (const mdg_svdf_f32_params *)params;
    const float *x = (const float *)in[0];    /* [batches][in_c] */
    const float *w = (const float *)in[1];    /* [units * rank][in_c] */
    const float *bias = (const float *)in[3]; /* [units] or NULL */
    float *y = (float *)out[0];               /* [batches][units] */
    float *state = (float *)out[1];           /* [batches][units * rank][memory] */

    svdf_f32_remember(p, x, w, state);
    for (int32_t b = 0; b < p->batches; b++) {
        const float *time = (const float *)in[2]; /* [units * rank][memory] */
        for (int32_t u = 0; u < p->units; u++) {
            float sum = bias ? bias[u] : 0.0f;
            for (int32_t r = 0; r < p->rank; r++, time += p->memory, state += p->memory)
                sum += svdf_f32_dot(time, state, p->memory);
            *y++ = mdg_limit_f32(sum, p->act_min, p->act_max);
        }
    }
}
