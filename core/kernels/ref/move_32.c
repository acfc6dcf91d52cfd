/* SPDX-License-Identifier: MIT
 *
 * Elements of 32 bits in another order (move_util.h).
 */
#include "move_util.h"

MDG_MOVE_KERNEL(move_32, uint32_t)
