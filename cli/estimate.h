/* SPDX-License-Identifier: MIT
 *
 * estimate.h: about how many instructions a program takes on a target, before anything is run there: by what
 * each kernel took in known models (specialize/cost.h).
 */
#ifndef MDG_CLI_ESTIMATE_H
#define MDG_CLI_ESTIMATE_H

#include "lower/program.h"
#include "specialize/cost.h"

/* Of one operator, which becomes one call (a clamp behind it hardly counts); -1 where nothing is known. */
int64_t mdg_op_instructions(const mdg_program *p, const char *isa, int subgraph, int op,
                            const mdg_kernel_work *work);

/* Of the main subgraph. What is not known counts as the reference's kernels do on a Cortex-M4, or as their
 * mean.
 */
int64_t mdg_program_instructions(const mdg_program *p, const char *isa);

#endif
