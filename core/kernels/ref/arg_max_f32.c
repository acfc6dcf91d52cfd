/* SPDX-License-Identifier: MIT
 *
 * ARG_MAX on float32: the place of the first largest element along one dimension.
 */
#include "arg_util.h"

MDG_ARG_KERNEL(arg_max_f32, float, >)
