/* SPDX-License-Identifier: MIT
 *
 * plan.h: gives every buffer of a program its place, so that buffers that live at the same time do not
 * overlap, but where a kernel is done with its input early enough (overlap.h).
 */
#ifndef MDG_PLAN_H
#define MDG_PLAN_H

#include "lower/program.h"

typedef struct mdg_plan_opts {
    int align;  /* of offsets in bytes, a power of two; 0 = 16 */
    bool apart; /* no output overlaps an input in part (overlap.h), but may take its place: for this machine,
                   where memory is plenty and kernels keep no order, and for images */
} mdg_plan_opts;

/* Sets offset of ARENA and STATE buffers, arena_bytes, state_bytes and arena_bound_bytes. */
mdg_status mdg_plan(mdg_program *p, const mdg_plan_opts *opts, mdg_diag *diag);

/* The bytes of the arena in use during a call of a planned program; what shares memory counts once. */
size_t mdg_plan_bytes_in_use(const mdg_program *p, int call);

#endif
