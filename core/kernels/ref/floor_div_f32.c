/* SPDX-License-Identifier: MIT
 *
 * FLOOR_DIV on float32, with broadcasting: y = floor(a / b), the quotient in double
 */
#include <math.h>

#include "midge/kernel.h"
#include "broadcast.h"

MDG_BROADCAST_LOOP(floor_div_f32, broadcast, float, float, float, floor((double)a / (double)b))
