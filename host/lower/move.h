/* SPDX-License-Identifier: MIT
 *
 * move.h: for operators that move data without changing it, whatever its type (lower_transpose.c,
 * lower_slice.c, lower_split.c, ...). A move says where each output element is taken from:
 *
 *     mdg_move_params m = {.rank = 2};
 *     mdg_lo_move_add(&m, columns, 1);        // dimensions from the innermost: size, step in the input
 *     mdg_lo_move_add(&m, rows, columns);
 *     return mdg_lo_move(lo, 0, &m);
 */
#ifndef MDG_LOWER_MOVE_H
#define MDG_LOWER_MOVE_H

#include "lower/lower.h"

/* Bytes of an element; fails for types that are not made of whole bytes. */
mdg_status mdg_lo_need_element_bytes(const mdg_lowering *lo, const mdg_tensor *t, int32_t *bytes);
/* A constant that holds one integer */
mdg_status mdg_lo_need_const_int(const mdg_lowering *lo, const mdg_tensor *t, int32_t *value);
/* axis, counted from the end where it is negative, as a dimension in [0, rank) */
mdg_status mdg_lo_need_axis(const mdg_lowering *lo, int32_t axis, int rank, int *out);

/* How many elements lie before and behind dimension `axis` */
int32_t mdg_lo_outer(const mdg_shape *s, int axis);
int32_t mdg_lo_inner(const mdg_shape *s, int axis);
/* Elements from one index of dimension d to the next */
int32_t mdg_lo_stride(const mdg_shape *s, int d);

/* Output k is input j under another shape: no call, unless the input is a state. */
mdg_status mdg_lo_keep(mdg_lowering *lo, int j, int k);

/* Adds the next dimension, from the innermost to the outermost. One that continues the one before is merged.
 */
void mdg_lo_move_add(mdg_move_params *m, int32_t size, int32_t stride);

/* Output 0 becomes the elements of input j (of a buffer) that `m` names, in its order: a call, or none where
 * they stay as they are. */
mdg_status mdg_lo_move(mdg_lowering *lo, int j, const mdg_move_params *m);
mdg_status mdg_lo_move_from(mdg_lowering *lo, int buffer, const mdg_move_params *m);

/* A call of copy from one buffer to another */
void mdg_lo_copy_blocks(mdg_lowering *lo, int from, int to, const mdg_copy_params *p);

#endif
