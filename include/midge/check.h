/* SPDX-License-Identifier: MIT
 *
 * check.h: what a model image must satisfy so that a kernel may trust it. Every kernel `mdg_<name>` has a
 * check `mdg_<name>_check` (core/checks), which is asked once, when a model is opened (model.h), or on the
 * desktop when it is lowered. Generated C carries none: its calls were checked when they were made.
 *
 * Memory: none. Threads: re-entrant.
 */
#ifndef MIDGE_CHECK_H
#define MIDGE_CHECK_H

#include <stdbool.h>
#include <stdint.h>

#include "midge/kernel.h"

MDG_C_BEGIN

enum { MDG_MAX_OPERANDS = 24 };

/* What a check is told of a call: everything but the values that are not constant. */
typedef struct mdg_sizes {
    uint32_t params_bytes;
    uint32_t n_in, n_out;
    uint32_t in[MDG_MAX_OPERANDS], out[MDG_MAX_OPERANDS]; /* bytes; 0: NULL, or none */
    const void *constant[MDG_MAX_OPERANDS]; /* what input k points to if it is constant, else NULL */
    bool may_share; /* set by the check: an output may be the very memory of an input */
} mdg_sizes;

/* Whether a kernel that is called so stays within its operands, whatever their values are. */
typedef bool mdg_check_fn(const void *params, mdg_sizes *s);

#define K(name, params, file)                                                                                \
    mdg_kernel_fn mdg_##name;                                                                                \
    mdg_check_fn mdg_##name##_check;
#include "midge/kernels.def"
#undef K

MDG_C_END

#endif
