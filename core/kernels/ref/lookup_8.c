/* SPDX-License-Identifier: MIT
 *
 * Any function of one byte, as a table (host/lower/lower_table.c): LOGISTIC, TANH, ELU, HARD_SWISH and RSQRT
 * on int8. y = table[x], x taken as unsigned
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_lookup_8(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const uint8_t *x = (const uint8_t *)in[0];     /* [count] */
    const uint8_t *table = (const uint8_t *)in[1]; /* [256] */
    uint8_t *y = (uint8_t *)out[0];                /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = table[x[i]];
}
