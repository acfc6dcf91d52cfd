/* SPDX-License-Identifier: MIT
 *
 * REDUCE_MAX on int8.
 */
#include "reduce_extreme_util.h"

MDG_REDUCE_EXTREME_KERNEL(reduce_max_s8, int8_t, INT8_MIN, >)
