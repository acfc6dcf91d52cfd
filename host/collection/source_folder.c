/* SPDX-License-Identifier: MIT
 *
 * Sources whose clips are files as they are: a folder of classes, Speech Commands, ESC-50.
 */
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/csv.h"
#include "collection/item.h"
#include "collection/measure.h"
#include "collection/sql.h"
#include "data/pattern.h"
#include "util/file.h"

/* What tables and lists beside the files say of them, in a database that the disk holds. */
typedef struct notes {
    sqlite3 *db;
    sqlite3_stmt *insert, *find;
} notes;

static mdg_status open_notes(notes *n, mdg_diag *diag) {
    *n = (notes){0};
    if (sqlite3_open("", &n->db) != SQLITE_OK) return mdg_fail(diag, MDG_NO_MEMORY, "out of memory");
    MDG_TRY(mdg_sql_run(
        n->db,
        "CREATE TABLE notes(path TEXT PRIMARY KEY, label, grp, split, rate, units) WITHOUT ROWID; BEGIN",
        diag));
    MDG_TRY(
        mdg_sql_prepare(n->db, "INSERT OR REPLACE INTO notes VALUES(?, ?, ?, ?, ?, ?)", &n->insert, diag));
    return mdg_sql_prepare(n->db, "SELECT label, grp, split, rate, units FROM notes WHERE path = ?", &n->find,
                           diag);
}

static void close_notes(notes *n) {
    sqlite3_finalize(n->insert);
    sqlite3_finalize(n->find);
    sqlite3_close(n->db);
}

enum { PATH, LABEL, GROUP, SPLIT, RATE, UNITS, N_NOTES };

static mdg_status note(notes *n, const char *const *values, mdg_diag *diag) {
    for (int i = 0; i < N_NOTES; i++) mdg_sql_bind_text(n->insert, i + 1, values[i] ? values[i] : "");
    return mdg_sql_apply(n->insert, diag);
}

/* metadata.csv, as import writes it; none is no error. */
static mdg_status read_metadata(mdg_converter *c, notes *n) {
    mdg_csv csv;
    mdg_diag ignored;
    if (mdg_csv_open(&csv, mdg_arena_printf(c->arena, "%s/metadata.csv", c->opts->source), &ignored) !=
        MDG_OK)
        return MDG_OK;
    static const char *const names[N_NOTES] = {"path", "label", "group", "split", "rate_hz", "units"};
    const char *values[N_NOTES];
    mdg_status status = MDG_OK;
    while (status == MDG_OK && mdg_csv_next(&csv)) {
        for (int i = 0; i < N_NOTES; i++) values[i] = mdg_csv_cell(&csv, mdg_csv_column(&csv, names[i]));
        status = note(n, values, c->diag);
    }
    mdg_csv_close(&csv);
    return status;
}

/* A list of paths, a line each, that are of one split. */
static mdg_status read_list(mdg_converter *c, notes *n, const char *file, const char *split) {
    char line[4096];
    FILE *f = fopen(mdg_arena_printf(c->arena, "%s/%s", c->opts->source, file), "r");
    mdg_status status = MDG_OK;
    while (f && status == MDG_OK && fgets(line, sizeof line, f)) {
        line[strcspn(line, "\r\n")] = '\0';
        const char *const values[N_NOTES] = {[PATH] = line, [SPLIT] = split};
        if (*line) status = note(n, values, c->diag);
    }
    if (f) fclose(f);
    return status;
}

static int kind_of(const char *path) {
    for (int k = 0; k < 3; k++)
        if (mdg_data_is_clip((mdg_data_kind)k, path)) return k;
    return -1;
}

/* Decodes it once, so that what is damaged is left out and named. */
static mdg_status give_file(mdg_converter *c, mdg_item *item, int kind) {
    mdg_measured unused;
    item->kind = (mdg_data_kind)kind;
    item->source = item->file;
    item->name = mdg_item_stem(c->arena, item->file);
    if (mdg_measure_content(item->file, item->kind, 0, &unused, c->diag) != MDG_OK)
        return mdg_convert_skip(c, item->file, c->diag->text);
    return mdg_convert_give(c, item);
}

typedef struct folder_state {
    notes notes;
    bool is_speech;
} folder_state;

static const char *text_of(mdg_arena *arena, const char *start, size_t length) {
    return start ? mdg_arena_printf(arena, "%.*s", (int)length, start) : "";
}

/* The name's start up to "_nohash_" is the speaker. */
static const char *speaker_of(mdg_arena *arena, const char *below) {
    const char *slash = strrchr(below, '/'), *name = slash ? slash + 1 : below;
    const char *end = strstr(name, "_nohash_");
    return end ? text_of(arena, name, (size_t)(end - name)) : "";
}

static void apply_notes(const notes *n, const char *below, mdg_arena *arena, mdg_item *item) {
    const char **const texts[] = {&item->label, &item->group, &item->split};
    sqlite3_stmt *s = n->find;
    mdg_sql_bind_text(s, 1, below);
    if (mdg_sql_step(s)) {
        for (int i = 0; i < 3; i++)
            if (*mdg_sql_text(s, i)) *texts[i] = mdg_arena_strdup(arena, mdg_sql_text(s, i));
        item->rate = strtod(mdg_sql_text(s, 3), NULL);
        item->units = mdg_arena_strdup(arena, mdg_sql_text(s, 4));
    }
    sqlite3_reset(s);
}

static mdg_status visit_file(mdg_converter *c, const char *path, const char *below) {
    const folder_state *f = c->source_state;
    const int kind = kind_of(below);
    const char *slash = strchr(below, '/');
    mdg_pattern_match m = {.label = below, .label_length = slash ? (size_t)(slash - below) : 0};
    if (kind < 0 || (!slash && !c->opts->pattern)) return MDG_OK;
    if (c->opts->pattern && !mdg_pattern_apply(c->opts->pattern, below, &m))
        return mdg_convert_skip(c, path, "its name does not match the pattern");
    mdg_arena *all = c->arena, *arena = c->arena = mdg_arena_new(); /* of this file alone */
    mdg_item item = {.file = path,
                     .label = text_of(arena, m.label, m.label_length),
                     .group = text_of(arena, m.group, m.group_length),
                     .split = f->is_speech ? mdg_split_text(MDG_SPLIT_TRAIN) : ""};
    if (f->is_speech) item.group = speaker_of(arena, below);
    apply_notes(&f->notes, below, arena, &item);
    const mdg_status status = give_file(c, &item, kind);
    c->arena = all;
    mdg_arena_free(arena);
    return status;
}

static mdg_status read_folder(mdg_converter *c, bool is_speech) {
    folder_state *f = mdg_arena_alloc(c->kept, sizeof *f);
    notes *n = &f->notes;
    f->is_speech = is_speech;
    c->source_state = f;
    mdg_status status = open_notes(n, c->diag);
    if (status == MDG_OK && is_speech) status = read_list(c, n, "validation_list.txt", "validation");
    if (status == MDG_OK && is_speech) status = read_list(c, n, "testing_list.txt", "test");
    if (status == MDG_OK && !is_speech) status = read_metadata(c, n);
    if (status == MDG_OK) status = mdg_source_files(c, NULL, visit_file);
    close_notes(n);
    return status;
}

mdg_status mdg_source_folder(mdg_converter *c) {
    return read_folder(c, false);
}

mdg_status mdg_source_speech_commands(mdg_converter *c) {
    return read_folder(c, true);
}

static mdg_status find_table(mdg_converter *c, mdg_csv *csv, const char **audio) {
    static const char *const tables[] = {"meta/esc50.csv", "esc50.csv"};
    for (int i = 0; i < 2; i++) {
        const char *path = mdg_arena_printf(c->arena, "%s/%s", c->opts->source, tables[i]);
        if (!mdg_file_exists(path)) continue;
        *audio = mdg_arena_printf(c->arena, "%s/audio", c->opts->source);
        return mdg_csv_open(csv, path, c->diag);
    }
    return mdg_fail(c->diag, MDG_NOT_FOUND, "%s: there is no meta/esc50.csv", c->opts->source);
}

static mdg_status give_row(mdg_converter *c, const mdg_csv *csv, const char *audio, const int *column) {
    mdg_arena *all = c->arena, *arena = mdg_arena_new();
    const char *file = mdg_csv_cell(csv, column[0]);
    mdg_item item = {.file = mdg_arena_printf(arena, "%s/%s", audio, file),
                     .label = mdg_arena_strdup(arena, mdg_csv_cell(csv, column[1])),
                     .group = mdg_arena_strdup(arena, mdg_csv_cell(csv, column[2])),
                     .split = ""};
    c->arena = arena;
    mdg_status status;
    if (!*file || !*item.label || strstr(file, ".."))
        status = mdg_convert_skip(c, mdg_arena_printf(arena, "meta/esc50.csv, line %ld", csv->line),
                                  "no file or no category");
    else
        status = give_file(c, &item, MDG_DATA_AUDIO);
    c->arena = all;
    mdg_arena_free(arena);
    return status;
}

mdg_status mdg_source_esc50(mdg_converter *c) {
    mdg_csv csv;
    const char *audio = NULL;
    MDG_TRY(find_table(c, &csv, &audio));
    const int column[] = {mdg_csv_column(&csv, "filename"), mdg_csv_column(&csv, "category"),
                          mdg_csv_column(&csv, "fold")};
    mdg_status status = MDG_OK;
    if (column[0] < 0 || column[1] < 0)
        status = mdg_fail(c->diag, MDG_UNSUPPORTED, "%s: its table lacks the column filename or category",
                          c->opts->source);
    while (status == MDG_OK && mdg_csv_next(&csv)) status = give_row(c, &csv, audio, column);
    mdg_csv_close(&csv);
    return status;
}
