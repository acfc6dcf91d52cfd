/* SPDX-License-Identifier: MIT
 *
 * REDUCE_MAX on float32.
 */
#include "reduce_extreme_util.h"
#include <float.h>

MDG_REDUCE_EXTREME_KERNEL(reduce_max_f32, float, -FLT_MAX, >)
