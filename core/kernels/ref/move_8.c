/* SPDX-License-Identifier: MIT
 *
 * Elements of 8 bits in another order (move_util.h).
 */
#include "move_util.h"

MDG_MOVE_KERNEL(move_8, uint8_t)
