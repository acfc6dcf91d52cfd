/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8, one scale for all weights.
 */
#include "fully_connected_s8.h"

MDG_KERNEL void mdg_fully_connected_s8(const void *params, const void *const *in, void *const *out) {
    mdg_fully_connected_s8_of((const mdg_fully_connected_params *)params, in, out, 8);
}
