/* SPDX-License-Identifier: MIT
 *
 * table.h: rows of numbers to CSV files. The rows of the first second are held back, until they tell which
 * column is the time and how many rows come a second.
 */
#ifndef MDG_RECORD_TABLE_H
#define MDG_RECORD_TABLE_H

#include "record/intake.h"
#include "record/store.h"

enum { MDG_TABLE_HELD = 65536 };

typedef struct mdg_table {
    const mdg_record_opts *opts;
    mdg_record_tally *tally;
    mdg_store store;
    char names[MDG_ROW_CHARS];
    int columns;
    bool decided;
    int time_column;  /* -1 = none */
    double time_unit; /* in seconds */
    const char *rate_from;
    uint64_t rows_per_clip, rows_in_clip;
    double now_s, first_s, last_s;               /* of arrival */
    double first_time, last_time, last_row_time; /* as the time column says, in its unit */
    bool named_time, rising;                     /* whether it is one */
    char held[MDG_TABLE_HELD];
    size_t held_bytes;
} mdg_table;

mdg_status mdg_table_open(mdg_table *t, const mdg_record_opts *opts, mdg_record_tally *tally, mdg_diag *diag);

/* A row that arrived at t->now_s; the take of an mdg_row_sink whose context is the table. */
mdg_status mdg_table_take(void *table, const char *row, int columns, const char *names, mdg_diag *diag);

/* What has arrived until t->now_s goes to the disk. */
mdg_status mdg_table_flush(mdg_table *t, mdg_diag *diag);
/* The end; `about` (taken over) is said of the last file too. */
mdg_status mdg_table_close(mdg_table *t, json_t *about, mdg_diag *diag);

#endif
