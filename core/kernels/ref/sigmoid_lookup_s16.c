/* SPDX-License-Identifier: MIT
 *
 * LOGISTIC and TANH on int16, output Q0.15: interpolation in one table (core/fixed_sigmoid.h)
 */
#include "midge/kernel.h"
#include "../../fixed_sigmoid.h"

MDG_KERNEL void mdg_logistic_lookup_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_sigmoid_params *p = (const mdg_sigmoid_params *)params;
    const int16_t *x = (const int16_t *)in[0];       /* [count] */
    const uint16_t *table = (const uint16_t *)in[1]; /* [256] */
    int16_t *y = (int16_t *)out[0];                  /* [count] */

    for (int32_t i = 0; i < p->count; i++)
        y[i] = mdg_sigmoid_s16(mdg_sigmoid_argument(x[i], p->mult, p->shift), table);
}

MDG_KERNEL void mdg_tanh_lookup_s16(const void *params, const void *const *in, void *const *out) {
    const mdg_sigmoid_params *p = (const mdg_sigmoid_params *)params;
    const int16_t *x = (const int16_t *)in[0];       /* [count] */
    const uint16_t *table = (const uint16_t *)in[1]; /* [256] */
    int16_t *y = (int16_t *)out[0];                  /* [count] */

    for (int32_t i = 0; i < p->count; i++)
        y[i] = mdg_tanh_s16(mdg_sigmoid_argument(x[i], p->mult, p->shift), table);
}
