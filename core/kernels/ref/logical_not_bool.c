/* SPDX-License-Identifier: MIT
 *
 * LOGICAL_NOT.
 */
#include "midge/kernel.h"

MDG_KERNEL void mdg_logical_not_bool(const void *params, const void *const *in, void *const *out) {
    const mdg_unary_params *p = (const mdg_unary_params *)params;
    const uint8_t *x = (const uint8_t *)in[0]; /* [count] */
    uint8_t *y = (uint8_t *)out[0];            /* [count] */

    for (int32_t i = 0; i < p->count; i++) y[i] = !x[i];
}
