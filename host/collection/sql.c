/* SPDX-License-Identifier: MIT */
#include "collection/sql.h"

#include <stddef.h>

static mdg_status fail(sqlite3 *db, mdg_diag *diag) {
    const char *path = sqlite3_db_filename(db, "main");
    return mdg_fail(diag, MDG_IO, "%s: %s", path ? path : "index", sqlite3_errmsg(db));
}

mdg_status mdg_sql_run(sqlite3 *db, const char *text, mdg_diag *diag) {
    return sqlite3_exec(db, text, NULL, NULL, NULL) == SQLITE_OK ? MDG_OK : fail(db, diag);
}

mdg_status mdg_sql_prepare(sqlite3 *db, const char *text, sqlite3_stmt **out, mdg_diag *diag) {
    return sqlite3_prepare_v2(db, text, -1, out, NULL) == SQLITE_OK ? MDG_OK : fail(db, diag);
}

void mdg_sql_bind_text(sqlite3_stmt *s, int place, const char *text) {
    sqlite3_bind_text(s, place, text, -1, SQLITE_TRANSIENT);
}

bool mdg_sql_step(sqlite3_stmt *s) {
    return sqlite3_step(s) == SQLITE_ROW;
}

const char *mdg_sql_text(sqlite3_stmt *s, int column) {
    const unsigned char *text = sqlite3_column_text(s, column);
    return text ? (const char *)text : "";
}

mdg_status mdg_sql_apply(sqlite3_stmt *s, mdg_diag *diag) {
    sqlite3_step(s);
    return sqlite3_reset(s) == SQLITE_OK ? MDG_OK : fail(sqlite3_db_handle(s), diag);
}

mdg_status mdg_sql_end(sqlite3_stmt *s, mdg_diag *diag) {
    if (!s) return MDG_OK;
    sqlite3 *db = sqlite3_db_handle(s);
    return sqlite3_finalize(s) == SQLITE_OK ? MDG_OK : fail(db, diag);
}

double mdg_sql_number(sqlite3 *db, const char *text) {
    sqlite3_stmt *s = NULL;
    double value = 0;
    if (mdg_sql_prepare(db, text, &s, NULL) == MDG_OK && mdg_sql_step(s)) value = sqlite3_column_double(s, 0);
    sqlite3_finalize(s);
    return value;
}
