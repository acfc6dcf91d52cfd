/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8, one scale for all weights, for x86-64; fully_connected.h tells how.
 */
#include "midge/kernel.h"
#include "fully_connected.h"
#include "reference.h"

static void run(const mdg_fully_connected_params *p, const void *const *in, int8_t *y) {
    mdg_fc f;
    f.p = p;
    f.w = (const int8_t *)in[1];
    f.bias = (const int32_t *)in[2];
    f.mult = f.shift = NULL;
    f.filter_zero = p->filter_zero;
    mdg_fc_run(&f, (const int8_t *)in[0], y);
}

MDG_KERNEL void mdg_fully_connected_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_fully_connected_params *p = (const mdg_fully_connected_params *)params;
    if (mdg_has_avx2() && mdg_fc_fits(p))
        run(p, in, (int8_t *)out[0]);
    else
        mdg_ref_fully_connected_s8(params, in, out);
}
