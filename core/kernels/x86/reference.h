/* SPDX-License-Identifier: MIT
 *
 * reference.h: the kernels of ../ref that this folder replaces, as mdg_ref_<name>: for processors without
 * AVX2, for shapes that do not fit, and for tests to compare with.
 */
#ifndef MDG_X86_REFERENCE_H
#define MDG_X86_REFERENCE_H

#include <stdbool.h>

#include "midge/kernel.h"

mdg_kernel_fn mdg_ref_conv2d_s8;
mdg_kernel_fn mdg_ref_depthwise_conv2d_s8;
mdg_kernel_fn mdg_ref_fully_connected_s8;
mdg_kernel_fn mdg_ref_fully_connected_per_channel_s8;
mdg_kernel_fn mdg_ref_add_s8;

/* The kernels of ../ref read and write in an order that lets outputs overlap inputs; those that go through a
 * picture once for each block of channels do not. */
static inline bool mdg_is_apart(const int8_t *x, const int8_t *y, const mdg_conv2d_params *p) {
    const uintptr_t from = (uintptr_t)x, to = (uintptr_t)y;
    const uintptr_t in = (uintptr_t)(p->batches * p->in_h * p->in_w * p->in_c);
    const uintptr_t out = (uintptr_t)(p->batches * p->out_h * p->out_w * p->out_c);
    return from + in <= to || to + out <= from;
}

#endif
