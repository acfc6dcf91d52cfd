/* SPDX-License-Identifier: MIT
 *
 * specialize.h: from a program of reference kernels to one that uses what the target can do.
 *
 *     mdg_lower(graph, arena, &program, diag);
 *     mdg_specialize(&program, "armv7em", MDG_OPTIMIZE_balanced, diag);
 *     mdg_plan(&program, NULL, diag);
 *
 * A call whose operator, shapes and numbers an optimised kernel can take is replaced by a call of that
 * kernel; weights, biases and factors are laid out anew, as constants, and scratch buffers are added. All
 * results stay the same to the bit: where that cannot be proven from the constants, the reference kernel
 * stays.
 */
#ifndef MDG_SPECIALIZE_H
#define MDG_SPECIALIZE_H

#include "lower/program.h"
#include "util/optimize.h"

/* isa: folder of kernels, "armv7em"; of "ref" and others nothing changes. optimize: which of several kernels
 * is taken, and how much scratch it gets. Call it before mdg_plan.
 * Returns MDG_OK, or MDG_UNSUPPORTED where a call does not pass its check: a fault of a rule. */
mdg_status mdg_specialize(mdg_program *p, const char *isa, mdg_optimize optimize, mdg_diag *diag);

/* Whether some calls of this kernel become others there */
bool mdg_specialize_replaces(mdg_kernel_id kernel, const char *isa);

#endif
