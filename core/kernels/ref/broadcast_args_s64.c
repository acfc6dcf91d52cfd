/* SPDX-License-Identifier: MIT
 *
 * BROADCAST_ARGS on shapes of 64 bits a dimension.
 */
#include "broadcast_args_util.h"

MDG_BROADCAST_ARGS_KERNEL(broadcast_args_s64, int64_t)
