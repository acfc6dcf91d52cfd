/* SPDX-License-Identifier: MIT
 *
 * watch.h: runs a graph and shows every tensor when it is complete. Private to host/quant.
 */
#ifndef MDG_QUANT_WATCH_H
#define MDG_QUANT_WATCH_H

#include "exec/exec.h"

/* data: the tensor's bytes, in place only during the call. */
typedef void mdg_watch_fn(void *context, int tensor, const void *data);

typedef struct mdg_watch {
    mdg_exec *exec;
    const mdg_subgraph *subgraph;
    int *writer; /* [n_tensors] the last kernel call that writes the tensor; -1 = none */
} mdg_watch;

mdg_status mdg_watch_open(const mdg_graph *g, mdg_arena *arena, mdg_watch *out, mdg_diag *diag);

/* The inputs, one after the other: their size, and from x into the graph. */
size_t mdg_watch_input_bytes(const mdg_watch *w);
void mdg_watch_set_inputs(mdg_watch *w, const void *x);

/* The same, from the inputs x of the float subgraph that w's graph was made from. */
void mdg_watch_quantize_inputs(mdg_watch *w, const mdg_subgraph *original, const uint8_t *x);

/* Runs once on what is in the inputs; calls see for each input and each computed tensor, in order. Returns
 * what mdg_exec_invoke does. */
mdg_status mdg_watch_run(mdg_watch *w, mdg_watch_fn *see, void *context, mdg_diag *diag);

#endif
