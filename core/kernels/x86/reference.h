/* SPDX-License-Identifier: MIT
 *
 * reference.h: the kernels of ../ref that this folder replaces, as mdg_ref_<name>: for processors without
 * AVX2, for shapes that do not fit, and for tests to compare with.
 */
#ifndef MDG_X86_REFERENCE_H
#define MDG_X86_REFERENCE_H

#include "midge/kernel.h"

mdg_kernel_fn mdg_ref_conv2d_s8;
mdg_kernel_fn mdg_ref_depthwise_conv2d_s8;
mdg_kernel_fn mdg_ref_fully_connected_s8;
mdg_kernel_fn mdg_ref_fully_connected_per_channel_s8;
mdg_kernel_fn mdg_ref_add_s8;

#endif
