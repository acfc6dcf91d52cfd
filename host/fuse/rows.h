/* SPDX-License-Identifier: MIT
 *
 * rows.h: calls that make a picture row by row of the rows of others.
 */
#ifndef MDG_FUSE_ROWS_H
#define MDG_FUSE_ROWS_H

#include "lower/program.h"

/* Output row r needs input rows from r * stride - pad on, `extent` of them, as far as they exist. */
typedef struct mdg_rows {
    int32_t extent, stride, pad;
    int32_t in_h, out_h;
    size_t in_row_bytes, out_row_bytes;
    int n_pictures; /* inputs 0 ... are pictures, all of one height */
} mdg_rows;

/* height: of input 0, where the call's parameters do not tell (elementwise operators); 0 = not known.
 * Returns false where a call is none of that kind. */
bool mdg_rows_read(const mdg_program *p, const mdg_call *c, int32_t height, mdg_rows *out);

/* The first input row that output row r needs, and the row behind the last one that row r - 1 needs */
int32_t mdg_rows_from(const mdg_rows *r, int32_t row);
int32_t mdg_rows_to(const mdg_rows *r, int32_t row);

/* The call's parameters for output rows [from, to) alone, which are given just the input rows that they need
 */
const void *mdg_rows_cut(const mdg_program *p, const mdg_call *c, const mdg_rows *r, int32_t from,
                         int32_t to);

#endif
