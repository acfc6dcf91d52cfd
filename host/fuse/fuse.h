/* SPDX-License-Identifier: MIT
 *
 * fuse.h: from a program to one of fewer calls and fewer buffers that computes the same, to the bit, for
 * every input: what an operator does besides its work goes into its neighbours, and what nobody needs goes.
 *
 *     mdg_lower(graph, arena, &program, diag);
 *     mdg_fuse(&program, &(mdg_fuse_opts){.part_align = 16});
 *     mdg_specialize(&program, isa, diag);
 *     mdg_plan(&program, NULL, diag);
 *
 * Memory: the program's arena. docs/PASSES.md tells what is fused.
 */
#ifndef MDG_FUSE_H
#define MDG_FUSE_H

#include "lower/program.h"

typedef struct mdg_fuse_opts {
    int part_align; /* tensors may be parts of others (mdg_buffer.whole) at multiples of so many bytes, in
                       model images 16; 0: none is */
} mdg_fuse_opts;

/* What all that runs on targets can do */
static const mdg_fuse_opts mdg_fuse_always = {.part_align = 16};

/* Call it before mdg_specialize. Programs with control flow stay as they are. opts NULL: no parts. */
void mdg_fuse(mdg_program *p, const mdg_fuse_opts *opts);

#endif
