/* SPDX-License-Identifier: MIT
 *
 * REDUCE_MIN on float32.
 */
#include "reduce_extreme_util.h"
#include <float.h>

MDG_REDUCE_EXTREME_KERNEL(reduce_min_f32, float, FLT_MAX, <)
