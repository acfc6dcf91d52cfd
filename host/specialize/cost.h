/* SPDX-License-Identifier: MIT
 *
 * cost.h: about how many instructions a kernel takes, from a table of what it took in known models
 * (costs.def). `midge inspect` shows by it what else an operator could have become.
 *
 *     const mdg_kernel_work work = mdg_kernel_work_of(subgraph, op);
 *     const int64_t n = mdg_kernel_cost("armv7em", "pointwise_smlad_s8", &work);
 */
#ifndef MDG_COST_H
#define MDG_COST_H

#include "graph/graph.h"

/* What the instructions of an operator grow with */
typedef struct mdg_kernel_work {
    int64_t products; /* multiply-accumulates */
    int64_t outputs;  /* elements */
    int64_t reads;    /* inputs, for convolutions as often as a window has them */
    int64_t starts; /* pixels, for depthwise convolutions rows (along the longer side) of channels; else 1 */
} mdg_kernel_work;

mdg_kernel_work mdg_kernel_work_of(const mdg_subgraph *s, const mdg_op *op);

/* Instructions, or -1 where nothing was measured. The reference's kernels on a Cortex-M4 (isa "ref") also
 * count for armv7em. Cortex-M3 (armv7m) runs the kernels of RISC-V, and is measured with them. */
int64_t mdg_kernel_cost(const char *isa, const char *kernel, const mdg_kernel_work *work);

/* Whether layers like this were measured: as deep, within a factor of two, and not of far fewer starts. Else
 * the cost is less than an estimate. */
bool mdg_kernel_cost_is_sure(const char *isa, const char *kernel, const mdg_kernel_work *work);

#endif
