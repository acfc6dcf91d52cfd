/* SPDX-License-Identifier: MIT
 *
 * REDUCE_MIN on int8.
 */
#include "reduce_extreme_util.h"

MDG_REDUCE_EXTREME_KERNEL(reduce_min_s8, int8_t, INT8_MAX, <)
