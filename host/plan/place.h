/* SPDX-License-Identifier: MIT
 *
 * place.h: blocks of memory that live for a while, and the search for places at which they need the least.
 *
 * Bytes and offsets of blocks are multiples of the alignment. Blocks lie so that pieces that live at the same
 * time lie apart, but for the blocks that a link joins.
 *
 * Search. Placed one after the other in some order, each at the lowest place that those before leave it,
 * blocks can reach every best plan: sort the blocks of one by their offsets, and none comes to lie higher
 * than there. (That needs leads of 0 and more, links that take any distance from their lead on, and no piece
 * that lets blocks pass each other.) So the
 * search is one over orders: first some that are often good, then changes of the best one, then, where there
 * are few blocks, all orders of ascending offsets, cut where they cannot be better.
 */
#ifndef MDG_PLACE_H
#define MDG_PLACE_H

#include "plan/pieces.h"

typedef struct mdg_block {
    int64_t bytes, offset;
    int first, last; /* moments of its life, both included */
    mdg_pieces pieces;
} mdg_block;

/* Blocks `in` and `out` may overlap: in.offset - out.offset = lead, lead + step, ...; step 0: just lead */
typedef struct mdg_link {
    int in, out;
    int64_t lead, step;
} mdg_link;

typedef struct mdg_placing {
    mdg_arena *arena;
    int64_t align;
    int n_blocks, n_links;
    int end; /* moments: -1 to end */
    mdg_block *blocks;
    const mdg_link *links;
} mdg_placing;

/* Bytes that every plan needs: at each moment, those of the pieces that live then, of linked blocks what
 * their closest overlap takes. */
int64_t mdg_placing_bound(const mdg_placing *pl);

/* Sets all offsets. Returns the bytes that they take; is_best: whether that is known to be the least. */
int64_t mdg_place(mdg_placing *pl, int64_t bound, bool *is_best);

#endif
