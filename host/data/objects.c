/* SPDX-License-Identifier: MIT
 *
 * From a table of objects to clips: read the lines, sort them by picture, name the classes, make the list.
 */
#include "data/objects.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "data/csv.h"

typedef struct line {
    const char *path, *word; /* "" = no object */
    float x, y;
    long number;
} line;

typedef struct lines {
    line *items;
    size_t n, capacity;
} lines;

bool mdg_clip_holds(const mdg_clip *clip, int label) {
    bool holds = clip->label == label;
    for (int i = 0; i < clip->n_objects; i++) holds = holds || clip->objects[i].label == label;
    return holds;
}

static void push(mdg_arena *arena, lines *list, line l) {
    if (list->n == list->capacity) {
        const size_t capacity = list->capacity ? 2 * list->capacity : 256;
        line *items = mdg_arena_array(arena, capacity, sizeof *items);
        if (list->n) memcpy(items, list->items, list->n * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->n++] = l;
}

/* ---- the table ---- */

static bool parse_pixels(const char *text, float *out) {
    char *end;
    *out = strtof(text, &end);
    return end != text && *end == '\0' && isfinite(*out);
}

static mdg_status take_line(const mdg_dataset *set, const mdg_csv *csv, const int *columns, lines *out,
                            mdg_diag *diag) {
    const char *cells[4];
    for (int k = 0; k < 4; k++) cells[k] = mdg_csv_cell(csv, columns[k]);
    line l = {.number = csv->line};
    if (!*cells[0]) return mdg_fail(diag, MDG_INVALID, "line %ld: its path is empty", csv->line);
    if (strcmp(cells[1], MDG_DATA_NO_OBJECT) == 0)
        return mdg_fail(diag, MDG_INVALID,
                        "line %ld: the label '" MDG_DATA_NO_OBJECT
                        "' stands for where there is no object; leave it empty",
                        csv->line);
    for (int k = 2; *cells[1] && k < 4; k++)
        if (!parse_pixels(cells[k], k == 2 ? &l.x : &l.y))
            return mdg_fail(diag, MDG_INVALID, "line %ld: '%.40s' is no number of pixels", csv->line,
                            cells[k]);
    l.path = mdg_arena_printf(set->arena, "%s/%s", set->opts->path, cells[0]);
    l.word = mdg_arena_strdup(set->arena, cells[1]);
    push(set->arena, out, l);
    return MDG_OK;
}

static mdg_status read_lines(const mdg_dataset *set, mdg_csv *csv, lines *out, mdg_diag *diag) {
    static const char *const names[] = {"path", "label", "x", "y"};
    int columns[4];
    for (int k = 0; k < 4; k++) {
        columns[k] = mdg_csv_column(csv, names[k]);
        if (columns[k] < 0)
            return mdg_fail(diag, MDG_INVALID,
                            "there is no column '%s'; its first line must be path,label,x,y", names[k]);
    }
    while (mdg_csv_next(csv)) MDG_TRY(take_line(set, csv, columns, out, diag));
    return out->n ? MDG_OK : mdg_fail(diag, MDG_INVALID, "it names no picture");
}

static int by_path(const void *a, const void *b) {
    const line *p = a, *q = b;
    const int order = strcmp(p->path, q->path);
    return order ? order : (p->number > q->number) - (p->number < q->number);
}

/* ---- classes and clips ---- */

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static int find_label(const mdg_dataset *set, const char *word) {
    for (int l = 1; l < set->n_labels; l++)
        if (strcmp(set->labels[l], word) == 0) return l;
    return -1;
}

/* Those wanted, or all words of the table in order, behind what stands for none of them. */
static void settle_labels(mdg_dataset *set, const lines *list) {
    const mdg_data_opts *o = set->opts;
    const size_t most = 1 + (o->n_labels ? (size_t)o->n_labels : list->n);
    set->labels = mdg_arena_array(set->arena, most, sizeof *set->labels);
    set->labels[set->n_labels++] = MDG_DATA_NO_OBJECT;
    for (int i = 0; i < o->n_labels; i++) set->labels[set->n_labels++] = o->labels[i];
    for (size_t i = 0; !o->n_labels && i < list->n; i++) {
        const char *word = list->items[i].word;
        if (*word && find_label(set, word) < 0) set->labels[set->n_labels++] = word;
    }
    if (!o->n_labels) qsort(set->labels + 1, (size_t)set->n_labels - 1, sizeof *set->labels, by_text);
}

/* The folder right above the picture, below the data set's; "" = none. */
static const char *folder_of(const mdg_dataset *set, const char *path) {
    const char *below = path + strlen(set->opts->path) + 1, *end = strrchr(below, '/');
    if (!end) return "";
    const char *start = end;
    while (start > below && start[-1] != '/') start--;
    return mdg_arena_printf(set->arena, "%.*s", (int)(end - start), start);
}

static mdg_status add_object(mdg_dataset *set, mdg_clip *clip, const line *l, mdg_diag *diag) {
    if (!*l->word) return MDG_OK;
    const int label = find_label(set, l->word);
    if (label < 0)
        return mdg_fail(diag, MDG_INVALID, "line %ld: label '%.40s' is none of data.labels", l->number,
                        l->word);
    if (clip->n_objects == MDG_DATA_OBJECTS)
        return mdg_fail(diag, MDG_INVALID, "line %ld: a picture can have %d objects", l->number,
                        MDG_DATA_OBJECTS);
    if (clip->n_objects == 0) clip->label = label;
    clip->objects[clip->n_objects++] = (mdg_object){.label = label, .x = l->x, .y = l->y};
    return MDG_OK;
}

static mdg_status make_clips(mdg_dataset *set, const lines *list, mdg_diag *diag) {
    mdg_object *objects = mdg_arena_array(set->arena, list->n, sizeof *objects);
    set->clips = mdg_arena_array(set->arena, list->n, sizeof *set->clips);
    set->skipped = mdg_arena_array(set->arena, list->n, sizeof *set->skipped);
    for (size_t i = 0; i < list->n; i++) {
        const line *l = &list->items[i];
        if (i == 0 || strcmp(l->path, l[-1].path) != 0)
            set->clips[set->n_clips++] =
                (mdg_clip){.path = l->path, .group = folder_of(set, l->path), .objects = objects + i};
        MDG_TRY(add_object(set, &set->clips[set->n_clips - 1], l, diag));
    }
    return MDG_OK;
}

static mdg_status load(mdg_dataset *set, mdg_csv *csv, mdg_diag *diag) {
    lines list = {0};
    MDG_TRY(read_lines(set, csv, &list, diag));
    qsort(list.items, list.n, sizeof *list.items, by_path);
    settle_labels(set, &list);
    if (set->n_labels < 2) return mdg_fail(diag, MDG_INVALID, "it names no object");
    return make_clips(set, &list, diag);
}

mdg_status mdg_objects_load(mdg_dataset *set, mdg_diag *diag) {
    const char *path = mdg_arena_printf(set->arena, "%s/%s", set->opts->path, set->opts->objects);
    mdg_csv csv;
    MDG_TRY(mdg_csv_open(&csv, path, diag));
    const mdg_status status = load(set, &csv, diag);
    mdg_csv_close(&csv);
    return status == MDG_OK ? MDG_OK : mdg_fail_in(diag, status, path);
}

mdg_status mdg_objects_place(const mdg_dataset *set, mdg_clip *clip, const mdg_image *image, mdg_diag *diag) {
    for (int i = 0; i < clip->n_objects; i++) {
        mdg_object *o = &clip->objects[i];
        const float x = o->x / (float)image->file_w, y = o->y / (float)image->file_h;
        if (!(x >= 0 && x < 1 && y >= 0 && y < 1))
            return mdg_fail(diag, MDG_INVALID, "'%s' at %g, %g lies outside of its %d x %d pixels",
                            set->labels[o->label], (double)o->x, (double)o->y, image->file_w, image->file_h);
        o->x = x;
        o->y = y;
    }
    return MDG_OK;
}
