/* SPDX-License-Identifier: MIT
 *
 * ARG_MIN on float32: the place of the first smallest element along one dimension.
 */
#include "arg_util.h"

MDG_ARG_KERNEL(arg_min_f32, float, <)
