/* SPDX-License-Identifier: MIT
 *
 * sql.h: SQLite with one line of failure.
 *
 *     sqlite3_stmt *s;
 *     MDG_TRY(mdg_sql_prepare(db, "SELECT path FROM files WHERE label = ?", &s, diag));
 *     mdg_sql_bind_text(s, 1, label);
 *     while (mdg_sql_step(s)) use(mdg_sql_text(s, 0));
 *     return mdg_sql_end(s, diag);
 */
#ifndef MDG_SQL_H
#define MDG_SQL_H

#include <sqlite3.h>
#include <stdbool.h>

#include "util/diag.h"

/* One or several statements without values. Returns MDG_OK, or MDG_IO. */
mdg_status mdg_sql_run(sqlite3 *db, const char *text, mdg_diag *diag);

mdg_status mdg_sql_prepare(sqlite3 *db, const char *text, sqlite3_stmt **out, mdg_diag *diag);
void mdg_sql_bind_text(sqlite3_stmt *s, int place, const char *text);
bool mdg_sql_step(sqlite3_stmt *s); /* whether there is a row */

/* Never NULL. */
const char *mdg_sql_text(sqlite3_stmt *s, int column);

/* For a statement that is used again: takes the step, and makes it ready. */
mdg_status mdg_sql_apply(sqlite3_stmt *s, mdg_diag *diag);

/* Ends a statement, NULL too. Returns MDG_OK, or MDG_IO where its last step failed. */
mdg_status mdg_sql_end(sqlite3_stmt *s, mdg_diag *diag);

/* The first value of the first row; 0 where there is none. */
double mdg_sql_number(sqlite3 *db, const char *text);

#endif
