/* SPDX-License-Identifier: MIT
 *
 * kernel.h: what all kernels look like.
 *
 * A kernel is one function of one operator and type, `mdg_<op>_<type>`. It gets three things: a constant
 * struct of parameters (params.h: shapes, strides, zero points, clamps), the pointers that it reads and the
 * pointers that it writes. What stands behind each pointer is told at the head of the kernel's file and, in
 * order, where the kernel unpacks them. Scratch memory and state are pointers among `out`; their sizes are
 * computed on the desktop by the lowering of the operator (host/lower).
 *
 *     const void *in[] = {x, w, bias, mult, shift};
 *     void *out[] = {y};
 *     mdg_conv2d_s8(&params, in, out);
 *
 * Memory: kernels allocate nothing and keep nothing. Threads: re-entrant.
 * Kernels trust their arguments: everything was checked once, when the model was opened.
 */
#ifndef MIDGE_KERNEL_H
#define MIDGE_KERNEL_H

#include <stdint.h>

#include "midge/config.h"
#include "midge/params.h"

typedef void mdg_kernel_fn(const void *params, const void *const *in, void *const *out);

#endif
