/* SPDX-License-Identifier: MIT
 *
 * Recordings of sensors: read as floats in their own unit, brought to int16 by a full scale for each channel,
 * and cut to windows.
 */
#include "data/series.h"

#include <ctype.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "data/audio.h"
#include "util/file.h"

enum { MAX_COLUMNS = 256 };

/* A line of a table, cut into cells. */
typedef struct cells {
    const char *at[MAX_COLUMNS];
    size_t length[MAX_COLUMNS];
    int n;
} cells;

typedef struct table {
    const mdg_data_opts *opts;
    mdg_arena *arena;
    mdg_series *out;
    mdg_diag *diag;
    int line;
    int n_columns;                    /* of the file */
    int taken[MDG_DATA_MAX_CHANNELS]; /* column of each channel */
    size_t capacity;
} table;

static bool is_separator(char c) {
    return c == ',' || c == ';' || c == '\t' || c == ' ';
}

/* Blanks around a separator belong to it; a comma or semicolon with nothing before it ends an empty cell. */
static void cut(const char *p, const char *end, cells *out) {
    out->n = 0;
    while (p < end && isspace((unsigned char)*p)) p++;
    while (end > p && isspace((unsigned char)end[-1])) end--;
    while (p < end && out->n < MAX_COLUMNS) {
        const char *start = p;
        while (p < end && !is_separator(*p)) p++;
        out->at[out->n] = start;
        out->length[out->n++] = (size_t)(p - start);
        while (p < end && (*p == ' ' || *p == '\t')) p++;
        if (p < end && (*p == ',' || *p == ';')) p++;
        while (p < end && (*p == ' ' || *p == '\t')) p++;
    }
}

static bool number_of(const char *at, size_t length, float *out) {
    char text[64], *end;
    if (length == 0 || length >= sizeof text) return false;
    memcpy(text, at, length);
    text[length] = '\0';
    *out = strtof(text, &end);
    return *end == '\0';
}

static bool is_time(const char *name) {
    static const char *const words[] = {"time", "timestamp", "t", "ms", "time_ms", "time_s"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcasecmp(name, words[i]) == 0) return true;
    return false;
}

static int find_name(const char *const *names, int n, const char *name) {
    for (int i = 0; i < n; i++)
        if (strcmp(names[i], name) == 0) return i;
    return -1;
}

static mdg_status take_column(table *t, int column, const char *name) {
    mdg_series *s = t->out;
    if (s->channels == MDG_DATA_MAX_CHANNELS)
        return mdg_fail(t->diag, MDG_INVALID, "more than %d columns; choose some with data.columns",
                        MDG_DATA_MAX_CHANNELS);
    t->taken[s->channels] = column;
    s->names[s->channels++] = name;
    return MDG_OK;
}

/* Which columns are channels: those asked for, or all but the time. */
static mdg_status choose_columns(table *t, const char *const *names) {
    const mdg_data_opts *o = t->opts;
    t->out->names = mdg_arena_array(t->arena, MDG_DATA_MAX_CHANNELS, sizeof *t->out->names);
    for (int i = 0; i < o->n_columns; i++) {
        const int column = find_name(names, t->n_columns, o->columns[i]);
        if (column < 0)
            return mdg_fail(t->diag, MDG_INVALID,
                            "there is no column '%s' (data.columns); it has %d, first '%s'", o->columns[i],
                            t->n_columns, t->n_columns ? names[0] : "");
        MDG_TRY(take_column(t, column, o->columns[i]));
    }
    for (int i = 0; !o->n_columns && i < t->n_columns; i++)
        if (!is_time(names[i])) MDG_TRY(take_column(t, i, names[i]));
    if (t->out->channels) return MDG_OK;
    return mdg_fail(t->diag, MDG_INVALID, "no column of values in it");
}

/* The first line: names, unless all of its cells are numbers. */
static mdg_status take_head(table *t, const cells *c, bool *is_head) {
    const char *names[MAX_COLUMNS];
    float unused;
    *is_head = false;
    for (int i = 0; i < c->n; i++) *is_head = *is_head || !number_of(c->at[i], c->length[i], &unused);
    for (int i = 0; i < c->n; i++)
        names[i] = *is_head ? mdg_arena_printf(t->arena, "%.*s", (int)c->length[i], c->at[i]) : "";
    t->n_columns = c->n;
    return choose_columns(t, names);
}

static float *next_row(table *t) {
    mdg_series *s = t->out;
    const size_t width = (size_t)s->channels;
    if (s->n == t->capacity) {
        t->capacity = t->capacity ? 2 * t->capacity : 1024;
        float *values = mdg_arena_array(t->arena, t->capacity * width, sizeof *values);
        if (s->n) memcpy(values, s->values, s->n * width * sizeof *values);
        s->values = values;
    }
    return s->values + width * s->n++;
}

static mdg_status take_row(table *t, const cells *c) {
    if (c->n != t->n_columns)
        return mdg_fail(t->diag, MDG_INVALID, "line %d: %d values where the first line has %d", t->line, c->n,
                        t->n_columns);
    float *row = next_row(t);
    for (int k = 0; k < t->out->channels; k++) {
        const int i = t->taken[k];
        if (!number_of(c->at[i], c->length[i], &row[k]) || !isfinite(row[k]))
            return mdg_fail(t->diag, MDG_INVALID, "line %d: '%.*s' is no number", t->line,
                            (int)(c->length[i] < 40 ? c->length[i] : 40), c->at[i]);
    }
    return MDG_OK;
}

static mdg_status read_table(const char *path, table *t) {
    mdg_bytes file;
    cells c;
    MDG_TRY(mdg_file_read(path, t->arena, &file, t->diag));
    const char *p = (const char *)file.data, *end = p + file.size;
    bool first = true;
    while (p < end) {
        const char *stop = memchr(p, '\n', (size_t)(end - p));
        if (!stop) stop = end;
        t->line++;
        cut(p, stop, &c);
        p = stop + (stop < end);
        bool is_head = false;
        if (c.n == 0) continue;
        if (first) MDG_TRY(take_head(t, &c, &is_head));
        first = false;
        if (!is_head) MDG_TRY(take_row(t, &c));
    }
    return t->out->n ? MDG_OK : mdg_fail(t->diag, MDG_INVALID, "no rows of values in it");
}

static mdg_status read_wav(const char *path, const mdg_data_opts *opts, mdg_arena *arena, mdg_series *out,
                           mdg_diag *diag) {
    mdg_pcm pcm;
    mdg_status status = mdg_pcm_read_values(path, &pcm, diag);
    if (status == MDG_OK && pcm.sample_rate != opts->sample_rate)
        status = mdg_fail(diag, MDG_INVALID, "its rate is %d Hz, data.sample_rate %d", pcm.sample_rate,
                          opts->sample_rate);
    if (status == MDG_OK && pcm.channels > MDG_DATA_MAX_CHANNELS)
        status = mdg_fail(diag, MDG_INVALID, "more than %d channels", MDG_DATA_MAX_CHANNELS);
    if (status == MDG_OK) {
        out->channels = pcm.channels;
        out->n = pcm.n;
        out->values = mdg_arena_copy(arena, pcm.values, pcm.n * (size_t)pcm.channels * sizeof(float));
        out->names = mdg_arena_array(arena, (size_t)pcm.channels, sizeof *out->names);
        for (int k = 0; k < pcm.channels; k++) out->names[k] = "";
    }
    mdg_pcm_free(&pcm);
    return status;
}

mdg_status mdg_series_read(const char *path, const mdg_data_opts *opts, mdg_arena *arena, mdg_series *out,
                           mdg_diag *diag) {
    const char *dot = strrchr(path, '.');
    *out = (mdg_series){0};
    if (dot && strcasecmp(dot, ".wav") == 0) return read_wav(path, opts, arena, out, diag);
    table t = {.opts = opts, .arena = arena, .out = out, .diag = diag};
    return read_table(path, &t);
}

/* Values beyond that of the largest become the smallest power of two that holds them. */
static float scale_of(float largest) {
    return largest > 0 && isfinite(largest) ? exp2f(ceilf(log2f(largest))) : 1.0f;
}

static mdg_status read_scales(mdg_dataset *set, mdg_diag *diag) {
    const mdg_data_opts *o = set->opts;
    if (o->n_full_scale != 1 && o->n_full_scale != set->channels)
        return mdg_fail(diag, MDG_INVALID,
                        "data.full_scale: %d numbers for %d columns; give one for each, or one",
                        o->n_full_scale, set->channels);
    for (int k = 0; k < set->channels; k++) {
        const char *text = o->full_scale[o->n_full_scale == 1 ? 0 : k];
        if (!number_of(text, strlen(text), &set->full_scale[k]) || !(set->full_scale[k] > 0))
            return mdg_fail(diag, MDG_INVALID, "data.full_scale: '%s' is no positive number", text);
    }
    return MDG_OK;
}

static mdg_status settle_scales(mdg_dataset *set, const mdg_series *all, mdg_diag *diag) {
    if (set->opts->n_full_scale) return read_scales(set, diag);
    for (int k = 0; k < set->channels; k++) {
        float largest = 0;
        for (int i = 0; i < set->n_clips; i++)
            for (size_t j = 0; j < all[i].n; j++)
                largest = fmaxf(largest, fabsf(all[i].values[j * (size_t)set->channels + (size_t)k]));
        set->full_scale[k] = scale_of(largest);
    }
    return MDG_OK;
}

static int16_t *to_int16(const mdg_dataset *set, const mdg_series *s) {
    const size_t n = s->n * (size_t)set->channels;
    int16_t *out = mdg_arena_array(set->arena, n + 1, sizeof *out);
    for (size_t i = 0; i < n; i++) {
        const float x = s->values[i] / set->full_scale[i % (size_t)set->channels] * 32767.0f;
        out[i] = (int16_t)lrintf(fminf(fmaxf(x, -32768.0f), 32767.0f));
    }
    return out;
}

/* Reads all files; those that cannot be read, or have other columns than the first, move to skipped. */
static mdg_series *read_all(mdg_dataset *set) {
    mdg_series *all = mdg_arena_array(set->arena, (size_t)set->n_clips + 1, sizeof *all);
    int kept = 0;
    for (int i = 0; i < set->n_clips; i++) {
        mdg_diag diag;
        mdg_series *s = &all[kept];
        mdg_status status = mdg_series_read(set->clips[i].path, set->opts, set->arena, s, &diag);
        if (status == MDG_OK && kept && s->channels != all[0].channels)
            status =
                mdg_fail(&diag, MDG_INVALID, "%d columns, other files have %d", s->channels, all[0].channels);
        if (status == MDG_OK)
            set->clips[kept++] = set->clips[i];
        else
            set->skipped[set->n_skipped++] =
                (mdg_skipped){set->clips[i].path, mdg_arena_strdup(set->arena, diag.text)};
    }
    set->n_clips = kept;
    return all;
}

static size_t step_of(const mdg_data_opts *o) {
    const size_t step = (size_t)((int64_t)o->sample_rate * o->step_ms / 1000);
    return step ? step : mdg_data_window(o);
}

/* A recording shorter than a window is one clip, which is padded later. */
static size_t count_windows(const mdg_data_opts *o, size_t n) {
    const size_t window = mdg_data_window(o);
    return n <= window ? 1 : 1 + (n - window) / step_of(o);
}

static void cut_windows(mdg_dataset *set, const mdg_series *all) {
    const mdg_data_opts *o = set->opts;
    const size_t window = mdg_data_window(o);
    size_t total = 0, n = 0;
    for (int i = 0; i < set->n_clips; i++) total += count_windows(o, all[i].n);
    mdg_clip *clips = mdg_arena_array(set->arena, total + 1, sizeof *clips);
    for (int i = 0; i < set->n_clips; i++) {
        int16_t *samples = to_int16(set, &all[i]);
        for (size_t k = 0; k < count_windows(o, all[i].n); k++) {
            mdg_clip c = set->clips[i];
            c.start = k * step_of(o);
            c.samples = samples + c.start * (size_t)set->channels;
            c.n_samples = all[i].n < window ? all[i].n : window;
            clips[n++] = c;
        }
    }
    set->clips = clips;
    set->n_clips = (int)n;
}

mdg_status mdg_series_load(mdg_dataset *set, mdg_diag *diag) {
    const mdg_series *all = read_all(set);
    if (!set->n_clips) {
        const mdg_skipped *last = &set->skipped[set->n_skipped - 1];
        return mdg_fail(diag, MDG_INVALID, "%s: %s; none of the %d files can be read", last->path,
                        last->cause, set->n_skipped);
    }
    set->channels = all[0].channels;
    set->channel_names = all[0].names;
    MDG_TRY(settle_scales(set, all, diag));
    cut_windows(set, all);
    return MDG_OK;
}
