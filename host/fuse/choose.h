/* SPDX-License-Identifier: MIT
 *
 * choose.h: which layers run in bands (band.h), so that the arena gets as small as it can.
 *
 *     mdg_band_report report;
 *     mdg_band_choose(&program, &(mdg_band_opts){.align = 4, .need = compile, .context = target}, &report);
 *
 * The calls are cut into groups. What a group needs is found out by compiling it alone, since scratch and
 * what may share memory are known then; the best cut is that where the most that any group needs is least.
 */
#ifndef MDG_FUSE_CHOOSE_H
#define MDG_FUSE_CHOOSE_H

#include "fuse/band.h"

typedef struct mdg_band_opts {
    size_t align; /* rows stand at multiples of so many bytes in their tensor or window */
    /* The bytes of arena that a program takes when it is compiled; false where it cannot be */
    bool (*need)(void *context, const mdg_program *p, size_t *arena_bytes);
    void *context;
} mdg_band_opts;

/* A group that runs in bands */
typedef struct mdg_band_row {
    int first_op, last_op;
    int32_t rows;         /* of the last layer's output at a time */
    int calls;            /* of kernels, for all bands */
    size_t window_bytes;  /* that take the place of */
    size_t tensor_bytes;  /* whole tensors */
    size_t carried_bytes; /* moved within windows in an inference */
} mdg_band_row;

typedef struct mdg_band_report {
    int n;
    mdg_band_row *rows; /* in the program's arena */
} mdg_band_report;

/* Changes the program, before mdg_specialize, where that makes its arena smaller. Programs with control flow
 * stay as they are. */
void mdg_band_choose(mdg_program *p, const mdg_band_opts *opts, mdg_band_report *out);

#endif
