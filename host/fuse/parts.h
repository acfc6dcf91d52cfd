/* SPDX-License-Identifier: MIT
 *
 * parts.h: what the files of this room share.
 *
 * A rule looks at one call. It either changes the program and returns true, or leaves it alone and returns
 * false. The driver asks all rules of all calls until none changes anything.
 */
#ifndef MDG_FUSE_PARTS_H
#define MDG_FUSE_PARTS_H

#include "fuse/fuse.h"

/* How a buffer is used; a program's inputs count as written, its outputs as read. */
typedef struct mdg_uses {
    int reads, writes;
    int reader, writer; /* the last call of either kind; -1 = none */
    bool is_input, is_output;
} mdg_uses;

typedef struct mdg_fuser {
    mdg_program *program;
    int part_align;
    mdg_uses *of; /* [n_buffers] */
} mdg_fuser;

typedef bool mdg_fuse_rule(mdg_fuser *f, int call);

/* PAD into the window of the convolution or pooling behind it */
mdg_fuse_rule mdg_fuse_pad;
/* Functions of one byte, one behind the other, as one table */
mdg_fuse_rule mdg_fuse_table;
/* A function of one byte that does nothing, or only clamps what a layer writes */
mdg_fuse_rule mdg_fuse_clamp;
/* A copy of a whole tensor into another (CONCATENATION) or out of it (SPLIT): the smaller becomes a part */
mdg_fuse_rule mdg_fuse_copy;
/* A call whose results nobody reads */
mdg_fuse_rule mdg_fuse_dead;

/* -- Ask -- */

static inline const mdg_buffer *mdg_fuse_buffer(const mdg_fuser *f, int buffer) {
    return &f->program->buffers[buffer];
}
/* Written by one call and read by one call, and nothing else touches it: a tensor between two neighbours */
bool mdg_fuse_is_link(const mdg_fuser *f, int buffer);
/* In the arena, and neither input nor output of the program */
bool mdg_fuse_is_inner(const mdg_fuser *f, int buffer);
/* Such a one that is no part of another, nor has parts */
bool mdg_fuse_is_free(const mdg_fuser *f, int buffer);
/* Data of a constant input, else NULL */
const void *mdg_fuse_const(const mdg_fuser *f, const mdg_call *c, int k);

/* -- Change -- */

/* Gives a call other parameters (a copy of the program's arena), unless its kernel's check refuses them. */
bool mdg_fuse_set_params(mdg_fuser *f, int call, const void *params);
void mdg_fuse_remove(mdg_fuser *f, int call);
/* All calls use buffer `to` in the place of `from`. */
void mdg_fuse_replace(mdg_fuser *f, int from, int to);

#endif
