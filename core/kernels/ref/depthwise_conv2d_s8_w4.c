/* SPDX-License-Identifier: MIT
 *
 * DEPTHWISE_CONV_2D on int8 with weights of 4 bits.
 */
#include "depthwise_conv2d_s8.h"

MDG_KERNEL void mdg_depthwise_conv2d_s8_w4(const void *params, const void *const *in, void *const *out) {
    mdg_depthwise_conv2d_s8_of((const mdg_conv2d_params *)params, in, out, 4);
}
