/* SPDX-License-Identifier: MIT
 *
 * choose.h: which layers run in bands (band.h), so that the arena gets as small as it can.
 *
 *     mdg_band_report report;
 *     mdg_band_choose(&program, &(mdg_band_opts){.align = 4, .try = compile, .context = target}, &report);
 *
 * Groups of layers around the moment that needs most are tried out, each compiled as a whole, since what a
 * kernel wants as scratch and what may share memory is known then alone.
 */
#ifndef MDG_FUSE_CHOOSE_H
#define MDG_FUSE_CHOOSE_H

#include "fuse/band.h"

/* What a program costs when it is compiled */
typedef struct mdg_band_cost {
    size_t arena_bytes;
    int peak_op; /* operator of subgraph 0 that needs most of it; -1 = none */
} mdg_band_cost;

typedef struct mdg_band_opts {
    size_t align; /* rows stand at multiples of so many bytes in the arena, as parts do */
    /* Returns false where the program cannot be compiled. */
    bool (*try)(void *context, const mdg_program *p, mdg_band_cost *out);
    void *context;
} mdg_band_opts;

/* A group that was formed */
typedef struct mdg_band_row {
    int first_op, last_op;
    int32_t rows;
    int calls;            /* of kernels, for all bands */
    size_t window_bytes;  /* that take the place of */
    size_t tensor_bytes;  /* whole tensors */
    size_t carried_bytes; /* moved within windows in an inference */
} mdg_band_row;

enum { MDG_BAND_GROUPS = 16 };

typedef struct mdg_band_report {
    int n;
    mdg_band_row rows[MDG_BAND_GROUPS];
} mdg_band_report;

/* Changes the program, before mdg_specialize, where that makes its arena smaller. */
void mdg_band_choose(mdg_program *p, const mdg_band_opts *opts, mdg_band_report *out);

#endif
