/* SPDX-License-Identifier: MIT
 *
 * FULLY_CONNECTED on int16 with int8 weights and int32 bias.
 */
#include "fully_connected_s16.h"

MDG_KERNEL void mdg_fully_connected_s16_b32(const void *params, const void *const *in, void *const *out) {
    mdg_fully_connected_s16((const mdg_fully_connected_params *)params, in, out, 32);
}
