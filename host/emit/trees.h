/* SPDX-License-Identifier: MIT
 *
 * trees.h: a forest as code: each tree nested comparisons, in place of the kernel that walks its tables.
 * Faster, and larger; the bytes are the same.
 */
#ifndef MDG_EMIT_TREES_H
#define MDG_EMIT_TREES_H

#include "emit/parts.h"

/* e->program becomes a copy whose calls of forest_s8 read no tables and call functions of their own, if the
 * options ask for it. Returns MDG_OK, or MDG_UNSUPPORTED where trees share nodes or are too deep. */
mdg_status mdg_emit_take_trees(mdg_emit *e, mdg_diag *diag);

/* Their functions, with the signature of kernels */
void mdg_emit_trees(const mdg_emit *e, FILE *out);

#endif
