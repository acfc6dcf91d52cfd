/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 for x86-64; conv.h tells how.
 */
#include "midge/kernel.h"
#include "conv.h"
#include "reference.h"

MDG_KERNEL void mdg_conv2d_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_conv2d_params *p = (const mdg_conv2d_params *)params;
    const int32_t taps = p->kernel_h * p->kernel_w * p->filter_c;
    int8_t *y = (int8_t *)out[0];
    const bool fits = mdg_has_avx2() && mdg_is_apart((const int8_t *)in[0], y, p);
    if (!fits || !mdg_conv_s8(p, in, y, taps, 1)) mdg_ref_conv2d_s8(params, in, out);
}
