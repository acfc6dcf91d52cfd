/* SPDX-License-Identifier: MIT
 *
 * DIV on float32, with broadcasting: y = clamp(a / b)
 */
#include "midge/kernel.h"
#include "broadcast.h"
#include "float_util.h"

MDG_BROADCAST_LOOP(div_f32, binary_f32, float, float, float, mdg_limit_f32(a / b, p->act_min, p->act_max))
