/* SPDX-License-Identifier: MIT
 *
 * band.h: layers one behind the other, run band by band: a few rows of the last picture at a time, for which
 * each layer makes the rows that are missing. What lies between the layers never exists as a whole: a window
 * of rows slides over it. Rows that the next band needs as well are carried to the top of their window, so
 * that nothing is computed twice.
 *
 *     mdg_band_group g = {.first = 0, .last = 3, .rows = 1};
 *     mdg_program bands;
 *     if (mdg_band_fits(&program, &g)) mdg_band_run(&program, &g, &bands);
 *
 * The program is written out call by call, each on its rows; host/fuse/roll.h makes loops of that for
 * generated code.
 */
#ifndef MDG_FUSE_BAND_H
#define MDG_FUSE_BAND_H

#include "lower/program.h"

typedef struct mdg_band_group {
    int first, last; /* calls */
    int32_t rows;    /* of the last call's output at a time */
} mdg_band_group;

/* Whether the calls can run so: each makes rows of rows, and nobody else reads what lies between them. */
bool mdg_band_fits(const mdg_program *p, const mdg_band_group *g);

/* The program with these calls band by band. Call it before mdg_specialize. *out shares with *p what did not
 * change. */
void mdg_band_run(const mdg_program *p, const mdg_band_group *g, mdg_program *out);

#endif
