/* SPDX-License-Identifier: MIT
 *
 * Brings an index up to date: what the folder holds goes to a temporary table, three statements find what is
 * gone, moved or new, and what is new is measured in batches, each kept before the next begins.
 */
#include "collection/index.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "collection/parts.h"
#include "collection/walk.h"
#include "data/audio.h"
#include "data/pattern.h"

enum { BATCH = 256, MAX_THREADS = 4 };

typedef struct finder {
    mdg_index *index;
    sqlite3_stmt *insert;
    int64_t n;
    const mdg_progress *progress;
} finder;

/* -1 = none */
static int kind_of(const mdg_index_opts *o, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    if (o->kind != MDG_INDEX_ANY_KIND) return mdg_data_is_clip((mdg_data_kind)o->kind, name) ? o->kind : -1;
    static const mdg_data_kind kinds[] = {MDG_DATA_AUDIO, MDG_DATA_IMAGES, MDG_DATA_SERIES};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (mdg_data_is_clip(kinds[i], name)) return (int)kinds[i];
    return -1;
}

/* A table beside the class folders describes them and is no recording. */
static bool is_description(const char *path, int kind) {
    return kind == MDG_DATA_SERIES && !strchr(path, '/');
}

static bool match(const mdg_index_opts *o, const char *path, mdg_pattern_match *m) {
    *m = (mdg_pattern_match){.label = path};
    if (o->pattern) return mdg_pattern_apply(o->pattern, path, m);
    const char *slash = strchr(path, '/');
    m->label_length = slash ? (size_t)(slash - path) : 0;
    return true;
}

static mdg_status find(void *context, const mdg_walk_file *file, mdg_diag *diag) {
    finder *f = context;
    const mdg_index_opts *o = &f->index->opts;
    const int kind = kind_of(o, file->path);
    mdg_pattern_match m;
    if (kind < 0 || (!o->pattern && is_description(file->path, kind)) || !match(o, file->path, &m)) {
        f->index->n_ignored++;
        return MDG_OK;
    }
    sqlite3_stmt *s = f->insert;
    sqlite3_bind_text(s, 1, file->path, -1, SQLITE_STATIC);
    sqlite3_bind_text(s, 2, m.label ? m.label : "", (int)m.label_length, SQLITE_STATIC);
    sqlite3_bind_text(s, 3, m.group ? m.group : "", (int)m.group_length, SQLITE_STATIC);
    sqlite3_bind_int64(s, 4, file->size);
    sqlite3_bind_int64(s, 5, file->mtime_ns);
    sqlite3_bind_int(s, 6, kind);
    if (f->n++ % 1024 == 0 && !mdg_progress_report(f->progress, 0, 1, "looking for files"))
        return mdg_fail(diag, MDG_INTERRUPTED, "interrupted while looking for files");
    return mdg_sql_apply(s, diag);
}

static mdg_status find_files(mdg_index *x, const mdg_progress *progress, mdg_diag *diag) {
    finder f = {.index = x, .progress = progress};
    x->n_ignored = 0;
    MDG_TRY(mdg_sql_run(x->db,
                        "CREATE TEMP TABLE IF NOT EXISTS found(path TEXT PRIMARY KEY, label TEXT, grp TEXT, "
                        "  size INTEGER, mtime INTEGER, kind INTEGER) WITHOUT ROWID; DELETE FROM found",
                        diag));
    MDG_TRY(mdg_sql_prepare(x->db, "INSERT INTO found VALUES(?, ?, ?, ?, ?, ?)", &f.insert, diag));
    mdg_status status = mdg_sql_run(x->db, "BEGIN", diag);
    if (status == MDG_OK) status = mdg_walk(x->opts.folder, false, find, &f, diag);
    sqlite3_finalize(f.insert);
    const mdg_status ended = mdg_sql_run(x->db, "COMMIT", status == MDG_OK ? diag : NULL);
    return status == MDG_OK ? ended : status;
}

static mdg_status compare(mdg_index *x, mdg_diag *diag) {
    return mdg_sql_run(
        x->db,
        "BEGIN;"
        "DELETE FROM files WHERE path NOT IN (SELECT path FROM found);"
        "UPDATE files SET label = n.label, grp = n.grp FROM found n"
        "  WHERE n.path = files.path AND (n.label <> files.label OR n.grp <> files.grp);"
        "INSERT OR REPLACE INTO files(path, label, grp, size, mtime, kind)"
        "  SELECT n.path, n.label, n.grp, n.size, n.mtime, n.kind FROM found n LEFT JOIN files f USING(path)"
        "  WHERE f.path IS NULL OR f.size <> n.size OR f.mtime <> n.mtime OR f.kind <> n.kind;"
        "COMMIT",
        diag);
}

typedef struct item {
    const char *path;
    int kind;
    bool done;
    mdg_status status;
    mdg_measured measured;
    char cause[256];
} item;

typedef struct batch {
    mdg_index *index;
    const mdg_progress *progress;
    double before, total; /* files */
    item items[BATCH];
    int n;
    atomic_int next;
    atomic_bool stopped;
} batch;

static mdg_status take_pending(batch *b, mdg_arena *arena, mdg_diag *diag) {
    sqlite3_stmt *s;
    MDG_TRY(
        mdg_sql_prepare(b->index->db, "SELECT path, kind FROM files WHERE state = 0 LIMIT 256", &s, diag));
    for (b->n = 0; b->n < BATCH && mdg_sql_step(s);)
        b->items[b->n++] =
            (item){.path = mdg_arena_strdup(arena, mdg_sql_text(s, 0)), .kind = sqlite3_column_int(s, 1)};
    return mdg_sql_end(s, diag);
}

static void measure_item(const batch *b, item *it) {
    const mdg_index_opts *o = &b->index->opts;
    char path[8192];
    mdg_diag diag = {0};
    snprintf(path, sizeof path, "%s/%s", o->folder, it->path);
    it->status = mdg_measure_content(path, (mdg_data_kind)it->kind, o->sample_rate, &it->measured, &diag);
    snprintf(it->cause, sizeof it->cause, "%.255s", diag.text);
    it->done = true;
}

static void measure_items(batch *b, bool reports) {
    for (int i; !b->stopped && (i = atomic_fetch_add(&b->next, 1)) < b->n;) {
        measure_item(b, &b->items[i]);
        if (reports && !mdg_progress_report(b->progress, b->before + i + 1, b->total, "measuring files"))
            b->stopped = true;
    }
}

static void *work(void *context) {
    measure_items(context, false);
    return NULL;
}

static void measure_batch(batch *b) {
    pthread_t threads[MAX_THREADS];
    const long processors = sysconf(_SC_NPROCESSORS_ONLN);
    int helpers = processors > MAX_THREADS ? MAX_THREADS - 1 : (int)processors - 1, started = 0;
    b->next = 0;
    while (started < helpers && pthread_create(&threads[started], NULL, work, b) == 0) started++;
    measure_items(b, true);
    for (int t = 0; t < started; t++) pthread_join(threads[t], NULL);
}

static mdg_status keep_item(sqlite3_stmt *s, const item *it, mdg_diag *diag) {
    const mdg_measured *m = &it->measured;
    const bool ok = it->status == MDG_OK;
    sqlite3_bind_int(s, 1, ok ? MDG_FILE_MEASURED : MDG_FILE_UNREADABLE);
    mdg_sql_bind_text(s, 2, ok ? "" : it->cause);
    sqlite3_bind_int64(s, 3, m->samples);
    sqlite3_bind_int(s, 4, m->rate);
    sqlite3_bind_int(s, 5, m->channels);
    sqlite3_bind_int(s, 6, m->height);
    sqlite3_bind_int(s, 7, m->width);
    sqlite3_bind_double(s, 8, m->rate ? (double)m->samples / m->rate : 0);
    sqlite3_bind_double(s, 9, m->rms);
    sqlite3_bind_double(s, 10, m->peak);
    sqlite3_bind_double(s, 11, m->deviation);
    sqlite3_bind_int64(s, 12, m->clipped);
    sqlite3_bind_int64(s, 13, m->nans);
    sqlite3_bind_int64(s, 14, (int64_t)m->hash);
    mdg_sql_bind_text(s, 15, it->path);
    return mdg_sql_apply(s, diag);
}

static mdg_status keep_batch(const batch *b, mdg_diag *diag) {
    sqlite3_stmt *s;
    MDG_TRY(mdg_sql_prepare(b->index->db,
                            "UPDATE files SET state = ?, cause = ?, samples = ?, rate = ?, channels = ?, "
                            "  height = ?, width = ?, seconds = ?, rms = ?, peak = ?, deviation = ?, "
                            "  clipped = ?, nans = ?, hash = ? WHERE path = ?",
                            &s, diag));
    mdg_status status = mdg_sql_run(b->index->db, "BEGIN", diag);
    for (int i = 0; i < b->n && status == MDG_OK; i++)
        if (b->items[i].done) {
            status = keep_item(s, &b->items[i], diag);
            b->index->n_measured++;
        }
    sqlite3_finalize(s);
    const mdg_status ended = mdg_sql_run(b->index->db, "COMMIT", status == MDG_OK ? diag : NULL);
    return status == MDG_OK ? ended : status;
}

static mdg_status measure_pending(mdg_index *x, const mdg_progress *progress, mdg_diag *diag) {
    batch *b = mdg_arena_alloc(x->arena, sizeof *b);
    b->index = x;
    b->progress = progress;
    b->total = mdg_sql_number(x->db, "SELECT count(*) FROM files WHERE state = 0");
    x->n_measured = 0;
    mdg_audio_be_quiet();
    mdg_status status = MDG_OK;
    do {
        mdg_arena *arena = mdg_arena_new(); /* for the paths of one batch */
        status = take_pending(b, arena, diag);
        if (status == MDG_OK && b->n) {
            measure_batch(b);
            status = keep_batch(b, diag);
        }
        b->before += b->n;
        mdg_arena_free(arena);
    } while (status == MDG_OK && b->n && !b->stopped);
    if (status == MDG_OK && b->stopped)
        return mdg_fail(diag, MDG_INTERRUPTED,
                        "interrupted; %lld of %.0f files were measured and are kept in %s",
                        (long long)x->n_measured, b->total, x->path);
    return status;
}

mdg_status mdg_index_refresh(mdg_index *x, const mdg_progress *progress, mdg_diag *diag) {
    MDG_TRY(find_files(x, progress, diag));
    MDG_TRY(compare(x, diag));
    return measure_pending(x, progress, diag);
}
