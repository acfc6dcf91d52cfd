/* SPDX-License-Identifier: MIT */
#include "collection/convert.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "collection/item.h"
#include "collection/sql.h"
#include "collection/walk.h"
#include "data/audio.h"
#include "util/file.h"

typedef struct format {
    const char *name;
    mdg_source source;
    const mdg_sink *sink;
} format;

static const format formats[] = {
#define FORMAT(name, text) {#name, mdg_source_##name, &mdg_sink_##name},
    MDG_FORMAT_LIST(FORMAT)
#undef FORMAT
};

static const char names[] = ""
#define NAME(name, text) #name " "
    MDG_FORMAT_LIST(NAME)
#undef NAME
    ;

static mdg_status find_format(const char *name, const format **out, mdg_diag *diag) {
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        *out = &formats[i];
        if (strcmp(name, formats[i].name) == 0) return MDG_OK;
    }
    return mdg_fail(diag, MDG_INVALID, "format '%s' is not known; known are: %s", name, names);
}

mdg_status mdg_convert_skip(mdg_converter *c, const char *place, const char *cause) {
    c->result->skipped++;
    if (c->opts->say) c->opts->say(c->opts->context, place, cause);
    return MDG_OK;
}

int mdg_convert_number(mdg_converter *c, mdg_numbers *numbers, const char *word) {
    for (int i = 0; i < numbers->n; i++)
        if (strcmp(numbers->words[i], word) == 0) return i;
    if (numbers->n == MDG_CONVERT_MAX_WORDS) return -1;
    numbers->words[numbers->n] = mdg_arena_strdup(c->kept, word);
    return numbers->n++;
}

static bool goes_on(mdg_converter *c) {
    char text[80];
    snprintf(text, sizeof text, "%lld clips", (long long)(c->result->written + c->result->there));
    return mdg_progress_report(c->progress, 0, 1, text);
}

mdg_status mdg_convert_give(mdg_converter *c, const mdg_item *item) {
    c->item_arena = mdg_arena_new();
    const int64_t there = c->result->there;
    const mdg_status status = c->sink.take(c, item);
    mdg_arena_free(c->item_arena);
    if (status == MDG_INVALID || status == MDG_NOT_FOUND)
        return mdg_convert_skip(c, item->file ? item->file : item->source, c->diag->text);
    if (status != MDG_OK) return status;
    c->result->written += c->result->there == there;
    c->result->has_groups |= *item->group != '\0';
    if (goes_on(c)) return MDG_OK;
    return mdg_fail(c->diag, MDG_INTERRUPTED, "interrupted; %lld clips were written to %s",
                    (long long)c->result->written, c->opts->out);
}

/* --- files of a source, in order ---------------------------------------------------------------------- */

typedef struct listing {
    sqlite3_stmt *insert;
    const char *extension; /* NULL = all */
} listing;

static mdg_status list_file(void *context, const mdg_walk_file *file, mdg_diag *diag) {
    const listing *l = context;
    const char *dot = strrchr(file->path, '.');
    if (l->extension && (!dot || strcasecmp(dot + 1, l->extension) != 0)) return MDG_OK;
    mdg_sql_bind_text(l->insert, 1, file->path);
    return mdg_sql_apply(l->insert, diag);
}

static mdg_status visit_files(mdg_converter *c, sqlite3 *db, mdg_source_visit visit) {
    sqlite3_stmt *s;
    MDG_TRY(mdg_sql_prepare(db, "SELECT path FROM list ORDER BY path", &s, c->diag));
    mdg_status status = MDG_OK;
    while (status == MDG_OK && mdg_sql_step(s)) {
        char path[8192];
        snprintf(path, sizeof path, "%s/%s", c->opts->source, mdg_sql_text(s, 0));
        status = visit(c, path, mdg_sql_text(s, 0));
    }
    sqlite3_finalize(s);
    return status;
}

/* SQLite sorts on the disk what memory does not hold. */
mdg_status mdg_source_files(mdg_converter *c, const char *extension, mdg_source_visit visit) {
    listing l = {.extension = extension};
    sqlite3 *db = NULL;
    if (sqlite3_open("", &db) != SQLITE_OK) return mdg_fail(c->diag, MDG_NO_MEMORY, "out of memory");
    mdg_status status =
        mdg_sql_run(db, "CREATE TABLE list(path TEXT PRIMARY KEY) WITHOUT ROWID; BEGIN", c->diag);
    if (status == MDG_OK) status = mdg_sql_prepare(db, "INSERT INTO list VALUES(?)", &l.insert, c->diag);
    if (status == MDG_OK) status = mdg_walk(c->opts->source, true, list_file, &l, c->diag);
    sqlite3_finalize(l.insert);
    if (status == MDG_OK) status = visit_files(c, db, visit);
    sqlite3_close(db);
    return status;
}

/* --- content ------------------------------------------------------------------------------------------- */

const char *mdg_item_stem(mdg_arena *arena, const char *path) {
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path, *dot = strrchr(name, '.');
    return mdg_arena_printf(arena, "%.*s", dot ? (int)(dot - name) : (int)strlen(name), name);
}

static mdg_status read_sound(mdg_converter *c, const mdg_item *item, int rate, mdg_series *out, double *hz) {
    mdg_pcm pcm;
    const mdg_status status =
        rate ? mdg_pcm_read(item->file, rate, &pcm, c->diag) : mdg_pcm_read_values(item->file, &pcm, c->diag);
    if (status == MDG_OK) {
        const size_t n = pcm.n * (size_t)pcm.channels;
        *out = (mdg_series){.n = pcm.n, .channels = pcm.channels};
        out->values = mdg_arena_array(c->item_arena, n, sizeof *out->values);
        for (size_t i = 0; i < n; i++)
            out->values[i] = rate ? (float)pcm.samples[i] / 32768.0f : pcm.values[i];
        *hz = pcm.sample_rate;
    }
    mdg_pcm_free(&pcm);
    return status;
}

mdg_status mdg_item_series(mdg_converter *c, const mdg_item *item, int rate, mdg_series *out, double *hz) {
    const mdg_data_opts opts = {.kind = MDG_DATA_SERIES};
    *hz = item->rate;
    if (item->kind == MDG_DATA_IMAGES)
        return mdg_fail(c->diag, MDG_INVALID, "a picture is no series of values");
    if (item->file && item->kind == MDG_DATA_AUDIO) return read_sound(c, item, rate, out, hz);
    if (item->file) return mdg_series_read(item->file, &opts, c->item_arena, out, c->diag);
    *out = (mdg_series){.n = item->n, .channels = item->channels};
    out->values =
        mdg_arena_copy(c->item_arena, item->values, item->n * (size_t)item->channels * sizeof(float));
    out->names = mdg_arena_array(c->item_arena, (size_t)item->channels, sizeof *out->names);
    for (int k = 0; k < item->channels; k++) out->names[k] = item->names ? item->names[k] : "";
    return MDG_OK;
}

mdg_status mdg_item_image(mdg_converter *c, const mdg_item *item, int h, int w, bool grey, mdg_image *out) {
    if (item->kind != MDG_DATA_IMAGES) return mdg_fail(c->diag, MDG_INVALID, "is no picture");
    if (item->file) {
        mdg_image image;
        const mdg_status status = mdg_image_read(item->file, h, w, grey, &image, c->diag);
        *out = image;
        if (status == MDG_OK)
            out->pixels = mdg_arena_copy(c->item_arena, image.pixels,
                                         (size_t)image.h * (size_t)image.w * (size_t)image.channels);
        mdg_image_free(&image);
        return status;
    }
    if ((h && (h != item->h || w != item->w)) || (grey && item->channels != 1))
        return mdg_fail(c->diag, MDG_INVALID, "a picture of %d x %d pixels does not fit", item->w, item->h);
    *out = (mdg_image){.h = item->h, .w = item->w, .channels = item->channels};
    out->pixels = mdg_arena_copy(c->item_arena, item->pixels,
                                 (size_t)item->h * (size_t)item->w * (size_t)item->channels);
    return MDG_OK;
}

/* --- what a source looks like -------------------------------------------------------------------------- */

static bool holds(const mdg_convert_opts *o, mdg_arena *arena, const char *name) {
    return mdg_file_exists(mdg_arena_printf(arena, "%s/%s", o->source, name));
}

typedef struct looks {
    bool idx, cifar, json, rows, below; /* tables in the folder itself, anything below it */
} looks;

static mdg_status look(void *context, const mdg_walk_file *file, mdg_diag *diag) {
    looks *l = context;
    const char *slash = strrchr(file->path, '/'), *name = slash ? slash + 1 : file->path;
    const char *dot = strrchr(name, '.');
    (void)diag;
    l->idx |= mdg_idx_is_images(name);
    l->cifar |= strstr(name, "_batch") && dot && strcmp(dot, ".bin") == 0;
    l->json |= dot && strcasecmp(dot, ".json") == 0;
    l->rows |= name == file->path && dot && strcasecmp(dot, ".csv") == 0;
    l->below |= name != file->path;
    return MDG_OK;
}

/* What a file of JSON begins with. */
static bool begins_with_strokes(const char *path) {
    char text[4097];
    FILE *f = fopen(path, "r");
    const size_t n = f ? fread(text, 1, sizeof text - 1, f) : 0;
    text[n] = '\0';
    if (f) fclose(f);
    return strstr(text, "\"strokes\"") != NULL;
}

/* NULL where a name tells nothing */
static const char *guess_file(const char *path) {
    const char *dot = strrchr(path, '.');
    if (!dot || strchr(dot, '/')) return NULL;
    if (strcasecmp(dot, ".csv") == 0 || strcasecmp(dot, ".wav") == 0) return "csv";
    if (strcasecmp(dot, ".bin") == 0) return "cifar10";
    if (strcasecmp(dot, ".json") == 0) return begins_with_strokes(path) ? "strokes" : "edge_impulse";
    return NULL;
}

static const char *guess(const mdg_convert_opts *o, mdg_arena *arena) {
    const char *by_name = guess_file(o->source);
    looks l = {0};
    if (by_name) return by_name;
    if (o->window || o->label_column) return "csv";
    if (holds(o, arena, "meta/esc50.csv") || holds(o, arena, "esc50.csv")) return "esc50";
    if (holds(o, arena, "validation_list.txt") || holds(o, arena, "testing_list.txt"))
        return "speech_commands";
    if (mdg_walk(o->source, true, look, &l, NULL) != MDG_OK) return "folder";
    return l.idx                ? "idx"
           : l.cifar            ? "cifar10"
           : l.json             ? "edge_impulse"
           : l.rows && !l.below ? "csv"
                                : "folder";
}

/* --- the whole ------------------------------------------------------------------------------------------ */

static mdg_status run(mdg_converter *c, const format *from) {
    MDG_TRY(mdg_folder_make(c->opts->out, c->diag));
    MDG_TRY(c->sink.open(c));
    const mdg_status status = from->source(c);
    mdg_diag kept = *c->diag;
    const mdg_status closed = c->sink.close(c);
    if (status != MDG_OK) *c->diag = kept;
    MDG_TRY(status);
    MDG_TRY(closed);
    if (c->result->written + c->result->there) return MDG_OK;
    return mdg_fail(c->diag, MDG_INVALID, "%s: nothing in it could be read as %s (%lld left out%s%s)",
                    c->opts->source, from->name, (long long)c->result->skipped,
                    c->result->skipped ? "; the last: " : "", c->result->skipped ? kept.text : "");
}

mdg_status mdg_convert(const mdg_convert_opts *opts, const mdg_progress *progress, mdg_convert_result *out,
                       mdg_diag *diag) {
    const format *from, *to;
    *out = (mdg_convert_result){0};
    if (!mdg_file_exists(opts->source))
        return mdg_fail(diag, MDG_NOT_FOUND, "%s: there is no such file or folder", opts->source);
    MDG_TRY(find_format(opts->to, &to, diag));
    mdg_arena *arena = mdg_arena_new();
    mdg_converter *c = mdg_arena_alloc(arena, sizeof *c);
    c->opts = opts;
    c->progress = progress;
    c->result = out;
    c->diag = diag;
    c->kept = c->arena = arena;
    mdg_status status = find_format(opts->from ? opts->from : guess(opts, arena), &from, diag);
    if (status == MDG_OK) {
        mdg_audio_be_quiet();
        diag->text[0] = '\0';
        out->from = from->name;
        c->sink = *to->sink;
        status = run(c, from);
    }
    mdg_arena_free(arena);
    return status;
}
