/* SPDX-License-Identifier: MIT
 *
 * kernels.h: which instruction sets (folders of core/kernels) have kernels of their own.
 */
#ifndef MDG_CLI_KERNELS_H
#define MDG_CLI_KERNELS_H

#include "lower/program.h"
#include "util/arena.h"

/* The instruction sets of all targets but the reference, each once; ends with NULL. */
const char **mdg_isas(mdg_arena *arena);

/* The targets of an instruction set: "cortex-m4, cortex-m7" */
const char *mdg_isa_targets(mdg_arena *arena, const char *isa);

/* Whether all instruction sets may use the kernel's file; else it is one that host/specialize put in place.
 */
bool mdg_kernel_is_reference(mdg_arena *arena, mdg_kernel_id kernel);

/* Whether the instruction set has a file for this kernel. */
bool mdg_kernel_is_optimised(mdg_arena *arena, mdg_kernel_id kernel, const char *isa);

#endif
