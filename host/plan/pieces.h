/* SPDX-License-Identifier: MIT
 *
 * pieces.h: when each byte of a buffer holds something that is still read. Buffers with parts are read and
 * written part by part: a picture that is read row by row from the top leaves room at its top for what is
 * made of it.
 *
 *     const mdg_pieces a = mdg_plan_pieces(p, i), b = mdg_plan_pieces(p, j);
 *     mdg_clash c;
 *     if (mdg_plan_clash(&a, &b, &c)) ... offset of j less offset of i is not in (c.low, c.high)
 */
#ifndef MDG_PLAN_PIECES_H
#define MDG_PLAN_PIECES_H

#include "lower/program.h"

/* Bytes [from, to) are in use from call `first` to call `last`. */
typedef struct mdg_piece {
    int64_t from, to;
    int first, last;
} mdg_piece;

typedef struct mdg_pieces {
    int n;
    mdg_piece *list;
} mdg_pieces;

/* The pieces of an ARENA buffer that is no part: itself, from `first` to `last`, where it has no parts. In
 * the program's arena. mdg_program_lifetimes must have been called. */
mdg_pieces mdg_plan_pieces(const mdg_program *p, int buffer);

/* Bytes in use at a moment */
size_t mdg_plan_live(const mdg_pieces *a, int moment);

/* Distances from a to b at which pieces of both that are in use at one time would share bytes: all that do
 * lie between low and high, both excluded. */
typedef struct mdg_clash {
    int64_t low, high;
} mdg_clash;

/* Returns false where nothing of both is in use at one time. */
bool mdg_plan_clash(const mdg_pieces *a, const mdg_pieces *b, mdg_clash *out);

#endif
