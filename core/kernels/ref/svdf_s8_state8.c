/* SPDX-License-Identifier: MIT
 *
 * SVDF on int8 with a state of int8.
 */
#include "svdf_s8.h"

MDG_SVDF_S8_KERNEL(svdf_s8_state8, int8_t, INT8_MIN, INT8_MAX)
