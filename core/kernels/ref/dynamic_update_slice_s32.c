/* SPDX-License-Identifier: MIT
 *
 * DYNAMIC_UPDATE_SLICE with indices of 32 bits.
 */
#include "dynamic_update_slice_util.h"

MDG_DYNAMIC_UPDATE_SLICE_KERNEL(dynamic_update_slice_s32, int32_t)
