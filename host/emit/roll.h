/* SPDX-License-Identifier: MIT
 *
 * roll.h: calls that repeat (host/fuse/band.h writes them out) become loops: the same calls again and again,
 * with the same parameters and constants, on memory that moves on by as much each time.
 */
#ifndef MDG_EMIT_ROLL_H
#define MDG_EMIT_ROLL_H

#include "emit/parts.h"

/* Calls [first, first + period), `rounds` times */
typedef struct mdg_emit_loop {
    int first, period, rounds;
} mdg_emit_loop;

/* The loop that begins with a call. Returns false where none does, or one that begins soon after is longer.
 */
bool mdg_emit_find_loop(const mdg_emit *e, int call, mdg_emit_loop *out);

/* How far an operand moves from one round to the next, in bytes, given its buffers in the first two rounds */
int64_t mdg_emit_step(const mdg_emit *e, int first, int next);

/* Numbers the parameters of all calls: equal ones are printed once. */
void mdg_emit_number_params(mdg_emit *e);

#endif
