/* SPDX-License-Identifier: MIT
 *
 * Elements of 64 bits in another order (move_util.h).
 */
#include "move_util.h"

MDG_MOVE_KERNEL(move_64, uint64_t)
