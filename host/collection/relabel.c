/* SPDX-License-Identifier: MIT */
#include "collection/relabel.h"

#include <errno.h>
#include <string.h>

#include "data/csv.h"
#include "collection/sql.h"
#include "util/file.h"

typedef struct mover {
    const mdg_relabel_opts *opts;
    mdg_relabel_result *result;
    mdg_diag *diag;
    sqlite3 *db; /* what was moved: from, to, label */
    sqlite3_stmt *insert;
} mover;

static mdg_status refuse(const mover *m, const char *path, const char *cause) {
    m->result->refused++;
    if (m->opts->say) m->opts->say(m->opts->context, path, cause);
    return MDG_OK;
}

static bool is_label(const char *label) {
    return *label && *label != '.' && !strchr(label, '/');
}

static bool is_inside(const char *path) {
    return *path != '/' && strchr(path, '/') && strncmp(path, "../", 3) != 0 && !strstr(path, "/../");
}

static mdg_status note_move(const mover *m, const char *from, const char *to, const char *label) {
    const char *const values[] = {from, to, label};
    m->result->moved++;
    for (int i = 0; i < 3; i++) mdg_sql_bind_text(m->insert, i + 1, values[i]);
    return mdg_sql_apply(m->insert, m->diag);
}

static mdg_status move(const mover *m, const char *path, const char *label, mdg_arena *arena) {
    const char *folder = m->opts->folder, *slash = strchr(path, '/');
    if (!is_label(label)) return refuse(m, path, "its label is no name of a folder");
    if (!is_inside(path)) return refuse(m, path, "is in no class folder");
    const char *to = mdg_arena_printf(arena, "%s%s", label, slash);
    const char *from_file = mdg_arena_printf(arena, "%s/%s", folder, path);
    char *to_file = mdg_arena_printf(arena, "%s/%s", folder, to);
    if (strcmp(path, to) == 0 && mdg_file_exists(from_file)) {
        m->result->same++;
        return MDG_OK;
    }
    if (!mdg_file_exists(from_file)) return refuse(m, path, "there is no such file");
    if (mdg_file_exists(to_file)) return refuse(m, path, mdg_arena_printf(arena, "%s is there already", to));
    if (!m->opts->dry) {
        char *end = strrchr(to_file, '/');
        *end = '\0';
        MDG_TRY(mdg_folder_make(to_file, m->diag));
        *end = '/';
        if (rename(from_file, to_file) != 0) return refuse(m, path, strerror(errno));
    }
    if (m->opts->say) m->opts->say(m->opts->context, path, mdg_arena_printf(arena, "to %s", to));
    return note_move(m, path, to, label);
}

static mdg_status move_all(const mover *m) {
    mdg_csv csv;
    MDG_TRY(mdg_csv_open(&csv, m->opts->table, m->diag));
    const int path = mdg_csv_column(&csv, "path"), label = mdg_csv_column(&csv, "label");
    mdg_status status = MDG_OK;
    if (path < 0 || label < 0)
        status = mdg_fail(m->diag, MDG_INVALID, "%s: its first line must name the columns path and label",
                          m->opts->table);
    while (status == MDG_OK && mdg_csv_next(&csv)) {
        mdg_arena *arena = mdg_arena_new();
        status = move(m, mdg_csv_cell(&csv, path), mdg_csv_cell(&csv, label), arena);
        mdg_arena_free(arena);
    }
    mdg_csv_close(&csv);
    return status;
}

static void copy_row(FILE *out, char *const *cells, int n, int path, int label, sqlite3_stmt *moved) {
    for (int i = 0; i < n; i++) {
        if (i) fputc(',', out);
        const char *cell = cells[i];
        if (moved && i == path) cell = mdg_sql_text(moved, 0);
        if (moved && i == label) cell = mdg_sql_text(moved, 1);
        mdg_csv_put(out, cell);
    }
    fputc('\n', out);
}

static mdg_status copy_metadata(const mover *m, mdg_csv *csv, const char *path) {
    const int path_column = mdg_csv_column(csv, "path"), label_column = mdg_csv_column(csv, "label");
    sqlite3_stmt *find;
    mdg_writer w;
    MDG_TRY(mdg_sql_prepare(m->db, "SELECT to_path, label FROM moved WHERE from_path = ?", &find, m->diag));
    mdg_status status = mdg_writer_open(&w, path, m->diag);
    if (status == MDG_OK) {
        copy_row(w.stream, csv->names, csv->n_names, -1, -1, NULL);
        while (mdg_csv_next(csv)) {
            mdg_sql_bind_text(find, 1, mdg_csv_cell(csv, path_column));
            const bool is_moved = mdg_sql_step(find);
            copy_row(w.stream, csv->cells, csv->n_cells, path_column, label_column, is_moved ? find : NULL);
            sqlite3_reset(find);
        }
        status = mdg_writer_close(&w, m->diag);
    }
    sqlite3_finalize(find);
    return status;
}

static mdg_status update_metadata(const mover *m) {
    char path[4200];
    mdg_csv csv;
    snprintf(path, sizeof path, "%s/metadata.csv", m->opts->folder);
    if (m->opts->dry || !m->result->moved || !mdg_file_exists(path)) return MDG_OK;
    MDG_TRY(mdg_csv_open(&csv, path, m->diag));
    const mdg_status status = copy_metadata(m, &csv, path);
    mdg_csv_close(&csv);
    return status;
}

mdg_status mdg_relabel(const mdg_relabel_opts *opts, mdg_relabel_result *out, mdg_diag *diag) {
    mover m = {.opts = opts, .result = out, .diag = diag};
    *out = (mdg_relabel_result){0};
    if (!mdg_file_exists(opts->folder))
        return mdg_fail(diag, MDG_NOT_FOUND, "%s: there is no such folder", opts->folder);
    if (sqlite3_open("", &m.db) != SQLITE_OK) return mdg_fail(diag, MDG_NO_MEMORY, "out of memory");
    mdg_status status = mdg_sql_run(
        m.db, "CREATE TABLE moved(from_path TEXT PRIMARY KEY, to_path TEXT, label TEXT) WITHOUT ROWID; BEGIN",
        diag);
    if (status == MDG_OK)
        status = mdg_sql_prepare(m.db, "INSERT OR REPLACE INTO moved VALUES(?, ?, ?)", &m.insert, diag);
    if (status == MDG_OK) status = move_all(&m);
    sqlite3_finalize(m.insert);
    if (status == MDG_OK) status = update_metadata(&m);
    sqlite3_close(m.db);
    return status;
}
