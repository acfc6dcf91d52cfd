/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on float32: y[b][oc] = clamp(sum x * w + bias[oc])
 */
#include "midge/kernel.h"
#include "float_util.h"

MDG_KERNEL void mdg_fully_connected_f32(const void *params, const void *const *in, void *const *out) {
    const mdg_fully_connected_f32_params *p = (const mdg_fully_connected_f32_params *)params;
    const float *x = (const float *)in[0];    /* [batches][in_c] */
    const float *w = (const float *)in[1];    /* [out_c][in_c] */
    const float *bias = (const float *)in[2]; /* [out_c] or NULL */
    float *y = (float *)out[0];               /* [batches][out_c] */

    for (int32_t b = 0; b < p->batches; b++, x += p->in_c) {
        const float *row = w;
        for (int32_t oc = 0; oc < p->out_c; oc++, row += p->in_c) {
            float sum = 0.0f;
            for (int32_t c = 0; c < p->in_c; c++) sum += x[c] * row[c];
            *y++ = mdg_limit_f32(sum + (bias ? bias[oc] : 0.0f), p->act_min, p->act_max);
        }
    }
}
