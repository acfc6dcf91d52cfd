/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 by conv2d_smlad.h, with weights of 4 bits.
 */
#include "midge/kernel.h"
#include "mac4.h"
#include "conv2d_smlad.h"

MDG_KERNEL void mdg_conv2d_smlad_s8_w4(const void *params, const void *const *in, void *const *out) {
    const mdg_mac_core core = {mdg_mac4_start, mdg_mac4_run};
    mdg_conv2d_smlad((const mdg_conv2d_smlad_params *)params, in, out, core);
}
