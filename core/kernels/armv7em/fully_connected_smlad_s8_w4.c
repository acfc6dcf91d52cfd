/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8 with weights of 4 bits.
 */
#include "fully_connected_smlad.h"
#include "dense4.h"

MDG_KERNEL void mdg_fully_connected_smlad_s8_w4(const void *params, const void *const *in, void *const *out) {
    mdg_fully_connected_smlad((const mdg_fully_connected_smlad_params *)params, in, out, mdg_dense4_sums);
}
