/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8.
 */
#include "fully_connected_smlad.h"
#include "dense.h"

MDG_KERNEL void mdg_fully_connected_smlad_s8(const void *params, const void *const *in, void *const *out) {
    mdg_fully_connected_smlad((const mdg_fully_connected_smlad_params *)params, in, out, mdg_dense_sums);
}
