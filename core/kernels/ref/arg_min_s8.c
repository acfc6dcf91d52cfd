/* SPDX-License-Identifier: MIT
 *
 * ARG_MIN on int8: the place of the first smallest element along one dimension.
 */
#include "arg_util.h"

MDG_ARG_KERNEL(arg_min_s8, int8_t, <)
