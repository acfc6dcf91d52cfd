/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int16 with int8 weights and int32 bias.
 */
#include "conv2d_s16.h"

MDG_KERNEL void mdg_conv2d_s16_b32(const void *params, const void *const *in, void *const *out) {
    mdg_conv2d_s16((const mdg_conv2d_params *)params, in, out, 32);
}
