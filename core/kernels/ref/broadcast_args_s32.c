/* SPDX-License-Identifier: MIT
 *
 * BROADCAST_ARGS on shapes of 32 bits a dimension.
 */
#include "broadcast_args_util.h"

MDG_BROADCAST_ARGS_KERNEL(broadcast_args_s32, int32_t)
