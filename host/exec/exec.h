/* SPDX-License-Identifier: MIT
 *
 * exec.h: runs a planned program on this machine, with the device's kernels.
 *
 *     mdg_exec *x;
 *     mdg_exec_open(graph, arena, &x, diag);        // lower + plan + memory
 *     memcpy(mdg_exec_input(x, 0), data, mdg_exec_input_bytes(x, 0));
 *     if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, diag);
 *     use(mdg_exec_output(x, 0));
 *
 * Threads: one exec belongs to one thread; several execs of one graph may run side by side.
 */
#ifndef MDG_EXEC_H
#define MDG_EXEC_H

#include "lower/program.h"

typedef struct mdg_exec mdg_exec;

/* Called after each kernel call, while its outputs are in place. */
typedef struct mdg_exec_tap {
    void (*after)(void *context, const mdg_program *p, const mdg_call *call, void *const *out);
    void *context;
} mdg_exec_tap;

mdg_status mdg_exec_open(const mdg_graph *g, mdg_arena *arena, mdg_exec **out, mdg_diag *diag);
const mdg_program *mdg_exec_program(const mdg_exec *x);
void *mdg_exec_input(mdg_exec *x, int k);
const void *mdg_exec_output(const mdg_exec *x, int k);
size_t mdg_exec_input_bytes(const mdg_exec *x, int k);
size_t mdg_exec_output_bytes(const mdg_exec *x, int k);
void mdg_exec_reset(mdg_exec *x); /* state to its initial value */

/* One inference. Returns MDG_OK, or MDG_BUDGET: its loops (WHILE) have gone round more often than the limit
 * allows, and there is no result. mdg_exec_why writes the message of the last failure and returns its status.
 *
 *     if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, diag);
 */
mdg_status mdg_exec_invoke(mdg_exec *x, const mdg_exec_tap *tap);
mdg_status mdg_exec_why(const mdg_exec *x, mdg_diag *diag);

/* How often all loops together may go round in one inference, so that a broken model cannot hang the host; a
 * device has no such limit. */
enum { MDG_EXEC_ROUNDS = 1000000 };
void mdg_exec_limit_rounds(mdg_exec *x, int rounds); /* MDG_EXEC_ROUNDS at first */

#endif
