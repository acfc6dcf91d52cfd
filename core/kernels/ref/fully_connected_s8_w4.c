/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int8 with weights of 4 bits, one scale for all.
 */
#include "fully_connected_s8.h"

MDG_KERNEL void mdg_fully_connected_s8_w4(const void *params, const void *const *in, void *const *out) {
    mdg_fully_connected_s8_of((const mdg_fully_connected_params *)params, in, out, 4);
}
