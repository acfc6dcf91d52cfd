/* SPDX-License-Identifier: MIT
 *
 * estimate.h: about how many instructions a program takes on a target, before anything is run there: by what
 * each kernel took in known models (specialize/cost.h).
 */
#ifndef MDG_CLI_ESTIMATE_H
#define MDG_CLI_ESTIMATE_H

#include "cli/model.h"
#include "specialize/cost.h"

/* Of one operator, which becomes one call (a clamp behind it hardly counts); -1 where nothing is known. */
int64_t mdg_op_instructions(const mdg_program *p, const char *isa, int subgraph, int op,
                            const mdg_kernel_work *work);

/* Of the main subgraph. What is not known counts as the reference's kernels do on a Cortex-M4, or as their
 * mean.
 */
int64_t mdg_program_instructions(const mdg_program *p, const char *isa);

/* What a model needs: bytes of weights and of arena and state by the compiler, instructions of an inference
 * by the estimate above. */
typedef struct mdg_needs {
    double flash, ram, instructions;
} mdg_needs;

/* Fails with what stands in the way of compiling it. The goal's budget does not count. */
mdg_status mdg_graph_needs(mdg_cli *cli, const mdg_graph *g, const mdg_goal *goal, mdg_needs *out);

/* The largest share of a limit that is needed, above 1 where it does not fit; 0 without limits */
double mdg_needs_share(const mdg_needs *n, const mdg_budget *budget);

#endif
