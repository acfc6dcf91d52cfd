/* SPDX-License-Identifier: MIT
 *
 * SVDF on int8 with a state of int16.
 */
#include "svdf_s8.h"

MDG_SVDF_S8_KERNEL(svdf_s8_state16, int16_t, INT16_MIN, INT16_MAX)
