/* SPDX-License-Identifier: MIT
 *
 * SQUARED_DIFFERENCE on float32, with broadcasting: y = (a - b)^2
 */
#include "midge/kernel.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(squared_difference_f32, broadcast, float, float, float, (a - b) * (a - b))
