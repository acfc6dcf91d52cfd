/* SPDX-License-Identifier: MIT
 *
 * Elements of 16 bits in another order (move_util.h).
 */
#include "move_util.h"

MDG_MOVE_KERNEL(move_16, uint16_t)
