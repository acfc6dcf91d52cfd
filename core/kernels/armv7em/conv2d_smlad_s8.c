/* SPDX-License-Identifier: MIT
 *
 * CONV_2D on int8 by conv2d_smlad.h, with weights of 8 bits.
 */
#include "midge/kernel.h"
#include "mac8.h"
#include "conv2d_smlad.h"

MDG_KERNEL void mdg_conv2d_smlad_s8(const void *params, const void *const *in, void *const *out) {
    const mdg_mac_core core = {mdg_mac_start, mdg_mac_run};
    mdg_conv2d_smlad((const mdg_conv2d_smlad_params *)params, in, out, core);
}
