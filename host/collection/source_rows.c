/* SPDX-License-Identifier: MIT
 *
 * Long tables, and WAV files of sensors, cut into windows while they are read: no more than one window is
 * held. A window lies within rows of one label and one group, without a bad row between them.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "data/audio.h"
#include "data/csv.h"
#include "collection/item.h"

enum { LONGEST = 1 << 20 /* rows of a clip, where no window is given */, NAME = 128 };

typedef struct cutter {
    mdg_converter *c;
    mdg_csv *csv;
    const char *path, *stem;
    int label, group;                   /* columns, -1 = none */
    int columns[MDG_DATA_MAX_CHANNELS]; /* of the channels */
    const char *names[MDG_DATA_MAX_CHANNELS];
    int channels;
    char label_text[NAME], group_text[NAME]; /* of the rows that are held */
    float *rows;                             /* [capacity][channels] */
    size_t n, capacity;
    double rate;
    long first; /* line of the first row that is held; of a WAV file its number */
    long seen;  /* rows of a WAV file */
    bool fresh; /* rows that no clip has had yet */
    long bad, clips;
} cutter;

static bool is_time(const char *name) {
    static const char *const words[] = {"time", "timestamp", "t", "ms", "time_ms", "time_s"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(name, words[i]) == 0) return true;
    return false;
}

static mdg_status choose_columns(cutter *k) {
    const mdg_convert_opts *o = k->c->opts;
    const mdg_csv *csv = k->csv;
    k->label = o->label_column ? mdg_csv_column(csv, o->label_column) : -1;
    k->group = o->group_column ? mdg_csv_column(csv, o->group_column) : -1;
    if (o->label_column && k->label < 0)
        return mdg_fail(k->c->diag, MDG_INVALID, "there is no column '%s'", o->label_column);
    if (o->group_column && k->group < 0)
        return mdg_fail(k->c->diag, MDG_INVALID, "there is no column '%s'", o->group_column);
    for (int i = 0; i < csv->n_names; i++) {
        if (i == k->label || i == k->group || is_time(csv->names[i])) continue;
        if (k->channels == MDG_DATA_MAX_CHANNELS)
            return mdg_fail(k->c->diag, MDG_INVALID, "more than %d columns", MDG_DATA_MAX_CHANNELS);
        k->names[k->channels] = csv->names[i];
        k->columns[k->channels++] = i;
    }
    return k->channels ? MDG_OK : mdg_fail(k->c->diag, MDG_INVALID, "no column of values in it");
}

static mdg_status give_window(cutter *k) {
    char name[2 * NAME];
    const mdg_item item = {.kind = MDG_DATA_SERIES,
                           .name = name,
                           .label = k->label_text,
                           .group = k->group_text,
                           .split = "",
                           .source = k->path,
                           .values = k->rows,
                           .n = k->n,
                           .channels = k->channels,
                           .names = k->names,
                           .rate = k->rate};
    snprintf(name, sizeof name, "%.200s_%07ld", k->stem, k->first);
    k->fresh = false;
    k->clips++;
    return mdg_convert_give(k->c, &item);
}

/* Where a stretch of rows ends: without a window it is a clip; a rest shorter than a window is none. */
static mdg_status end_stretch(cutter *k) {
    const bool is_clip = !k->c->opts->window && k->n && k->fresh;
    const mdg_status status = is_clip ? give_window(k) : MDG_OK;
    k->n = 0;
    return status;
}

static mdg_status full_window(cutter *k) {
    const mdg_convert_opts *o = k->c->opts;
    MDG_TRY(give_window(k));
    const size_t step = o->window ? (size_t)o->step : k->n;
    const size_t keep = step < k->n ? k->n - step : 0, width = (size_t)k->channels;
    memmove(k->rows, k->rows + (k->n - keep) * width, keep * width * sizeof *k->rows);
    k->first += (long)(k->n - keep);
    k->n = keep;
    return MDG_OK;
}

static bool read_row(const cutter *k, float *row, char *cause, size_t size) {
    if (k->csv->n_cells != k->csv->n_names) {
        snprintf(cause, size, "%d values where the first line has %d", k->csv->n_cells, k->csv->n_names);
        return false;
    }
    for (int i = 0; i < k->channels; i++) {
        char *end, *text = k->csv->cells[k->columns[i]];
        row[i] = strtof(text, &end);
        while (*end == ' ' || *end == '\t') end++;
        if (end != text && !*end && isfinite(row[i])) continue;
        snprintf(cause, size, "'%.40s' is no number", text);
        return false;
    }
    return true;
}

static bool changes(char *kept, const mdg_csv *csv, int column) {
    const char *now = mdg_csv_cell(csv, column);
    if (column < 0 || strncmp(kept, now, NAME - 1) == 0) return false;
    snprintf(kept, NAME, "%s", now);
    return true;
}

static mdg_status bad_row(cutter *k, const char *cause) {
    char place[4200];
    k->bad++;
    snprintf(place, sizeof place, "%.4000s, line %ld", k->path, k->csv->line);
    MDG_TRY(end_stretch(k));
    return mdg_convert_skip(k->c, place, cause);
}

static mdg_status hold_row(cutter *k, const float *row, long number) {
    if (!k->n) k->first = number;
    memcpy(k->rows + k->n++ * (size_t)k->channels, row, (size_t)k->channels * sizeof *row);
    k->fresh = true;
    return k->n == k->capacity ? full_window(k) : MDG_OK;
}

static mdg_status take_row(cutter *k) {
    float row[MDG_DATA_MAX_CHANNELS];
    char cause[120], label[NAME], group[NAME];
    memcpy(label, k->label_text, NAME);
    memcpy(group, k->group_text, NAME);
    if (!read_row(k, row, cause, sizeof cause)) return bad_row(k, cause);
    const bool new_label = changes(label, k->csv, k->label), new_group = changes(group, k->csv, k->group);
    if (new_label || new_group) MDG_TRY(end_stretch(k));
    memcpy(k->label_text, label, NAME);
    memcpy(k->group_text, group, NAME);
    if (!*label) return MDG_OK; /* rows without a label are of no class */
    return hold_row(k, row, k->csv->line);
}

static mdg_status open_rows(cutter *k) {
    const int window = k->c->opts->window;
    k->capacity = window ? (size_t)window : LONGEST;
    k->rows = malloc(k->capacity * (size_t)k->channels * sizeof *k->rows);
    return k->rows ? MDG_OK : mdg_fail(k->c->diag, MDG_NO_MEMORY, "out of memory");
}

static mdg_status close_rows(cutter *k, mdg_status status) {
    if (status == MDG_OK) status = end_stretch(k);
    free(k->rows);
    if (status != MDG_OK || k->clips) return status;
    return mdg_fail(k->c->diag, MDG_INVALID, "no clip of %d rows in it", k->c->opts->window);
}

static mdg_status cut_table(cutter *k) {
    MDG_TRY(choose_columns(k));
    MDG_TRY(open_rows(k));
    mdg_status status = MDG_OK;
    while (status == MDG_OK && mdg_csv_next(k->csv)) status = take_row(k);
    return close_rows(k, status);
}

static mdg_status open_wave(cutter *k, const mdg_pcm *piece) {
    if (k->rate > 0 && fabs(k->rate - piece->sample_rate) > 0.5)
        return mdg_fail(k->c->diag, MDG_INVALID, "its rate is %d Hz, not the %g of --rows-hz",
                        piece->sample_rate, k->rate);
    if (piece->channels > MDG_DATA_MAX_CHANNELS)
        return mdg_fail(k->c->diag, MDG_INVALID, "more than %d channels", MDG_DATA_MAX_CHANNELS);
    k->rate = piece->sample_rate;
    k->channels = piece->channels;
    for (int i = 0; i < k->channels; i++) k->names[i] = "";
    return open_rows(k);
}

static mdg_status take_wave(void *context, const mdg_pcm *piece) {
    cutter *k = context;
    if (!k->rows) MDG_TRY(open_wave(k, piece));
    for (size_t i = 0; i < piece->n; i++)
        MDG_TRY(hold_row(k, piece->values + i * (size_t)k->channels, k->seen++));
    return MDG_OK;
}

/* label: by column, by folder, or by the file's name up to '_' or '.' */
static cutter cutter_of(mdg_converter *c, const char *path, const char *below) {
    cutter k = {.c = c, .path = path, .stem = mdg_item_stem(c->arena, path), .rate = c->opts->rows_hz};
    const char *slash = strchr(below, '/');
    if (!c->opts->label_column)
        snprintf(k.label_text, NAME, "%.*s", slash ? (int)(slash - below) : (int)strcspn(k.stem, "_."),
                 slash ? below : k.stem);
    if (!c->opts->group_column) snprintf(k.group_text, NAME, "%s", k.stem);
    return k;
}

static mdg_status visit_table(mdg_converter *c, const char *path, const char *below) {
    mdg_csv csv;
    cutter k = cutter_of(c, path, below);
    if (strcmp(below, "metadata.csv") == 0) return MDG_OK;
    mdg_status status = mdg_csv_open(&csv, path, c->diag);
    if (status != MDG_OK) return mdg_convert_skip(c, path, c->diag->text);
    k.csv = &csv;
    status = cut_table(&k);
    mdg_csv_close(&csv);
    return status == MDG_INVALID ? mdg_convert_skip(c, path, c->diag->text) : status;
}

static mdg_status visit_wave(mdg_converter *c, const char *path, const char *below) {
    cutter k = cutter_of(c, path, below);
    if (c->opts->label_column || c->opts->group_column)
        return mdg_convert_skip(c, path, "a WAV file has no columns; its folder is its label");
    mdg_status status = close_rows(&k, mdg_pcm_stream_values(path, take_wave, &k, c->diag));
    return status == MDG_INVALID ? mdg_convert_skip(c, path, c->diag->text) : status;
}

static mdg_status visit_rows(mdg_converter *c, const char *path, const char *below) {
    const char *dot = strrchr(below, '.');
    if (dot && strcasecmp(dot, ".csv") == 0) return visit_table(c, path, below);
    return dot && strcasecmp(dot, ".wav") == 0 ? visit_wave(c, path, below) : MDG_OK;
}

mdg_status mdg_source_csv(mdg_converter *c) {
    struct stat info;
    const bool is_file = stat(c->opts->source, &info) == 0 && S_ISREG(info.st_mode);
    const char *slash = strrchr(c->opts->source, '/');
    if (is_file) return visit_rows(c, c->opts->source, slash ? slash + 1 : c->opts->source);
    return mdg_source_files(c, NULL, visit_rows);
}
