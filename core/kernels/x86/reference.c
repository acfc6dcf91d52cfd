/* SPDX-License-Identifier: MIT
 *
 * The very files of ../ref, with their kernels renamed.
 */
#include "reference.h"

#define mdg_conv2d_s8                      mdg_ref_conv2d_s8
#define mdg_depthwise_conv2d_s8            mdg_ref_depthwise_conv2d_s8
#define mdg_fully_connected_s8             mdg_ref_fully_connected_s8
#define mdg_fully_connected_per_channel_s8 mdg_ref_fully_connected_per_channel_s8
#define mdg_add_s8                         mdg_ref_add_s8

#include "../ref/conv2d_s8.c"
#include "../ref/depthwise_conv2d_s8.c"
#include "../ref/fully_connected_s8.c"
#include "../ref/fully_connected_per_channel_s8.c"
#include "../ref/add_s8.c"
