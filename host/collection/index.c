/* SPDX-License-Identifier: MIT */
#include "collection/index.h"

#include <string.h>
#include <unistd.h>
#include <stdlib.h>

#include "collection/parts.h"
#include "data/pattern.h"
#include "util/file.h"

enum { VERSION = 1, BUSY_MS = 10000 };

static const char schema[] =
    "CREATE TABLE files(path TEXT PRIMARY KEY, label TEXT NOT NULL, grp TEXT NOT NULL, size INTEGER, "
    "  mtime INTEGER, kind INTEGER, state INTEGER NOT NULL DEFAULT 0, cause TEXT, samples INTEGER, "
    "  rate INTEGER, channels INTEGER, height INTEGER, width INTEGER, seconds REAL, rms REAL, peak REAL, "
    "  deviation REAL, clipped INTEGER, nans INTEGER, hash INTEGER);"
    "CREATE INDEX by_label ON files(label, seconds);"
    "CREATE INDEX by_group ON files(grp, seconds);"
    "CREATE INDEX by_hash ON files(hash);"
    "CREATE INDEX by_state ON files(state);"
    "CREATE TABLE settings(text TEXT);"
    "PRAGMA user_version = 1;";

static uint64_t hash_text(const char *text) {
    uint64_t h = 0xcbf29ce484222325ull;
    for (; *text; text++) h = (h ^ (uint8_t)*text) * 0x100000001b3ull;
    return h;
}

/* A place of the user's own, by the folder's full name. */
static const char *cache_path(const mdg_index *x) {
    char *full = realpath(x->opts.folder, NULL);
    const char *cache = getenv("XDG_CACHE_HOME"), *home = getenv("HOME");
    const char *base =
        cache && *cache ? cache : mdg_arena_printf(x->arena, "%s/.cache", home ? home : "/tmp");
    const char *path = mdg_arena_printf(x->arena, "%s/midge/%016llx.sqlite", base,
                                        (unsigned long long)hash_text(full ? full : x->opts.folder));
    free(full);
    return path;
}

static mdg_status choose_path(mdg_index *x, mdg_diag *diag) {
    const mdg_index_opts *o = &x->opts;
    x->path = o->path ? o->path : mdg_arena_printf(x->arena, "%s/.midge-index.sqlite", o->folder);
    if (o->path || access(o->folder, W_OK) == 0) return MDG_OK;
    x->elsewhere = true;
    x->path = o->fallback ? o->fallback : cache_path(x);
    char *folder = mdg_arena_strdup(x->arena, x->path), *slash = strrchr(folder, '/');
    if (!slash || slash == folder) return MDG_OK;
    *slash = '\0';
    return mdg_folder_make(folder, diag);
}

static mdg_status open_database(mdg_index *x, mdg_diag *diag) {
    if (sqlite3_open(x->path, &x->db) != SQLITE_OK)
        return mdg_fail(diag, MDG_IO, "%s: the index cannot be opened: %s", x->path,
                        x->db ? sqlite3_errmsg(x->db) : "out of memory");
    sqlite3_busy_timeout(x->db, BUSY_MS);
    return mdg_sql_run(x->db, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = NORMAL", diag);
}

static bool is_current(const mdg_index *x) {
    return (int)mdg_sql_number(x->db, "PRAGMA user_version") == VERSION;
}

/* Of another version, or damaged: it is but a cache. A file that holds anything else is not touched. */
static mdg_status start_anew(mdg_index *x, mdg_diag *diag) {
    const bool is_ours = sqlite3_errcode(x->db) == SQLITE_CORRUPT ||
                         mdg_sql_number(x->db, "PRAGMA user_version") > 0 || !x->opts.path;
    sqlite3_close(x->db);
    x->db = NULL;
    if (!is_ours) return mdg_fail(diag, MDG_INVALID, "%s: is no index of midge; name another file", x->path);
    unlink(x->path);
    return open_database(x, diag);
}

static mdg_status ready(mdg_index *x, mdg_diag *diag) {
    mdg_status status = open_database(x, diag);
    if (status == MDG_OK && is_current(x)) return MDG_OK;
    const bool is_empty =
        status == MDG_OK && mdg_sql_number(x->db, "SELECT count(*) FROM sqlite_master") == 0;
    if (!is_empty && x->db) status = start_anew(x, diag);
    return status == MDG_OK ? mdg_sql_run(x->db, schema, diag) : status;
}

/* Measurements made under other settings are void. */
static mdg_status settle_settings(mdg_index *x, mdg_diag *diag) {
    char *text = sqlite3_mprintf("kind %d, rate %d", x->opts.kind, x->opts.sample_rate);
    char *change = sqlite3_mprintf("BEGIN;"
                                   "UPDATE files SET state = 0 WHERE NOT EXISTS"
                                   "  (SELECT 1 FROM settings WHERE text = %Q);"
                                   "DELETE FROM settings; INSERT INTO settings VALUES(%Q); COMMIT",
                                   text, text);
    char *same = sqlite3_mprintf("SELECT count(*) FROM settings WHERE text = %Q", text);
    mdg_status status = MDG_OK;
    if (mdg_sql_number(x->db, same) == 0) status = mdg_sql_run(x->db, change, diag);
    sqlite3_free(text);
    sqlite3_free(change);
    sqlite3_free(same);
    return status;
}

mdg_status mdg_index_open(const mdg_index_opts *opts, mdg_arena *arena, mdg_index **out, mdg_diag *diag) {
    mdg_index *x = mdg_arena_alloc(arena, sizeof *x);
    *out = NULL;
    *x = (mdg_index){.arena = arena, .opts = *opts};
    if (opts->pattern) MDG_TRY(mdg_pattern_check(opts->pattern, diag));
    if (opts->pattern && !strstr(opts->pattern, "{label}"))
        x->opts.pattern = mdg_arena_printf(arena, "{label}/%s", opts->pattern);
    if (access(opts->folder, R_OK | X_OK) != 0)
        return mdg_fail(diag, MDG_NOT_FOUND, "%s: there is no such folder that can be read", opts->folder);
    MDG_TRY(choose_path(x, diag));
    mdg_status status = ready(x, diag);
    if (status == MDG_OK) status = settle_settings(x, diag);
    if (status != MDG_OK) {
        mdg_index_close(x);
        return status;
    }
    *out = x;
    return MDG_OK;
}

void mdg_index_close(mdg_index *index) {
    if (!index) return;
    sqlite3_close(index->db);
    index->db = NULL;
}

const char *mdg_index_path(const mdg_index *index) {
    return index->path;
}

bool mdg_index_is_elsewhere(const mdg_index *index) {
    return index->elsewhere;
}

int64_t mdg_index_n_measured(const mdg_index *index) {
    return index->n_measured;
}

int64_t mdg_index_n_ignored(const mdg_index *index) {
    return index->n_ignored;
}

static mdg_index_row row_of(sqlite3_stmt *s) {
    return (mdg_index_row){
        .path = mdg_sql_text(s, 0),
        .label = mdg_sql_text(s, 1),
        .group = mdg_sql_text(s, 2),
        .cause = mdg_sql_text(s, 3),
        .size = sqlite3_column_int64(s, 4),
        .seconds = sqlite3_column_double(s, 5),
        .measured = {.kind = (mdg_data_kind)sqlite3_column_int(s, 6),
                     .samples = sqlite3_column_int64(s, 7),
                     .rate = sqlite3_column_int(s, 8),
                     .channels = sqlite3_column_int(s, 9),
                     .height = sqlite3_column_int(s, 10),
                     .width = sqlite3_column_int(s, 11),
                     .rms = sqlite3_column_double(s, 12),
                     .peak = sqlite3_column_double(s, 13),
                     .deviation = sqlite3_column_double(s, 14),
                     .clipped = sqlite3_column_int64(s, 15),
                     .nans = sqlite3_column_int64(s, 16),
                     .hash = (uint64_t)sqlite3_column_int64(s, 17)},
    };
}

mdg_status mdg_index_rows(mdg_index *x, const mdg_index_filter *filter, mdg_index_visit visit, void *context,
                          mdg_diag *diag) {
    sqlite3_stmt *s;
    MDG_TRY(mdg_sql_prepare(x->db,
                            "SELECT path, label, grp, cause, size, seconds, kind, samples, rate, channels, "
                            "  height, width, rms, peak, deviation, clipped, nans, hash FROM files "
                            "WHERE (?1 IS NULL OR label = ?1) AND (?2 IS NULL OR grp = ?2) ORDER BY path",
                            &s, diag));
    if (filter && filter->label) mdg_sql_bind_text(s, 1, filter->label);
    if (filter && filter->group) mdg_sql_bind_text(s, 2, filter->group);
    mdg_status status = MDG_OK;
    while (status == MDG_OK && mdg_sql_step(s)) {
        const mdg_index_row row = row_of(s);
        status = visit(context, &row);
    }
    const mdg_status ended = mdg_sql_end(s, diag);
    return status == MDG_OK ? ended : status;
}
