/* SPDX-License-Identifier: MIT
 *
 * csv.h: tables with names in the first line, a line at a time: cells between commas, quoted where they hold
 * commas or quotes (RFC 4180, without line breaks in cells).
 */
#ifndef MDG_CSV_H
#define MDG_CSV_H

#include <stdio.h>

#include "util/diag.h"

enum { MDG_CSV_MAX_CELLS = 256 };

typedef struct mdg_csv {
    FILE *stream;
    char *text, *head_text; /* freed by mdg_csv_close */
    size_t capacity;
    char *names[MDG_CSV_MAX_CELLS], *cells[MDG_CSV_MAX_CELLS];
    int n_names, n_cells;
    long line; /* of the cells, from 1 */
} mdg_csv;

/* Opens, and reads the names. Returns MDG_OK, MDG_NOT_FOUND, or MDG_INVALID for an empty file. */
mdg_status mdg_csv_open(mdg_csv *csv, const char *path, mdg_diag *diag);
void mdg_csv_close(mdg_csv *csv);

/* The next line that is not empty, to cells; 0 at the end, else 1. */
int mdg_csv_next(mdg_csv *csv);

/* The column of a name, -1 = none. Returns "" where a line has no such cell. */
int mdg_csv_column(const mdg_csv *csv, const char *name);
const char *mdg_csv_cell(const mdg_csv *csv, int column);

/* One cell, quoted where need be. */
void mdg_csv_put(FILE *out, const char *cell);

#endif
