/* SPDX-License-Identifier: MIT
 *
 * overlap.h: how far the output of a call may reach into an input that is not needed behind it.
 *
 * A kernel reads and writes in an order of its own. Where no write falls on a byte that is read later, the
 * output may overlap the input: from some distance on, the output trails behind what is still to be read.
 * Which kernels keep an order is said once, in overlap.c, by one line a kernel; the distance comes from
 * walking that order with the call's own shape. Kernels without a line are taken to keep none.
 *
 * A file of core/kernels/<isa>/ that replaces one of the same name in core/kernels/ref/ keeps its order, or
 * falls back where its output overlaps an input (core/kernels/x86).
 */
#ifndef MDG_OVERLAP_H
#define MDG_OVERLAP_H

#include "lower/program.h"

/* Where they overlap, input in[k] begins lead, lead + step, lead + 2 step, ... bytes behind out[0]; step 0:
 * just lead. */
typedef struct mdg_overlap {
    size_t lead, step;
} mdg_overlap;

/* Returns false where input k and output 0 of the call must lie apart. */
bool mdg_call_overlap(const mdg_program *p, const mdg_call *c, int k, mdg_overlap *out);

#endif
