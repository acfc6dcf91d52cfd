/* SPDX-License-Identifier: MIT
 *
 * JSON: Edge Impulse's data acquisition format, a file a clip; strokes, all in one file.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>

#include "collection/item.h"
#include "util/file.h"

static json_t *text_json(const char *text) {
    json_t *value = json_string(text);
    return value ? value : json_string("?");
}

static json_t *sensors_json(mdg_converter *c, const mdg_item *item, const mdg_series *s) {
    json_t *list = json_array();
    char *units = mdg_arena_strdup(c->item_arena, item->units ? item->units : ""), *rest = units;
    for (int k = 0; k < s->channels; k++) {
        const char *unit = strtok_r(k ? NULL : units, " ", &rest);
        const bool is_named = s->names && *s->names[k];
        const char *name = item->kind == MDG_DATA_AUDIO && s->channels == 1 ? "audio"
                           : is_named                                       ? s->names[k]
                                      : mdg_arena_printf(c->item_arena, "c%d", k + 1);
        json_array_append_new(list, json_pack("{s:o, s:o}", "name", text_json(name), "units",
                                              text_json(item->kind == MDG_DATA_AUDIO ? "wav"
                                                        : unit                       ? unit
                                                                                     : "N/A")));
    }
    return list;
}

static json_t *values_json(const mdg_item *item, const mdg_series *s) {
    json_t *rows = json_array();
    const bool is_sound = item->kind == MDG_DATA_AUDIO;
    for (size_t i = 0; i < s->n; i++) {
        json_t *row = json_array();
        for (int k = 0; k < s->channels; k++) {
            const float x = s->values[i * (size_t)s->channels + (size_t)k];
            json_array_append_new(row, is_sound ? json_integer(lrintf(x * 32768.0f)) : json_real((double)x));
        }
        if (s->channels == 1) {
            json_array_append(rows, json_array_get(row, 0));
            json_decref(row);
        } else {
            json_array_append_new(rows, row);
        }
    }
    return rows;
}

static mdg_status open_nothing(mdg_converter *c) {
    (void)c;
    return MDG_OK;
}

/* training/<label>.<group>_<name>.json; a signature of zeros is what "alg": "none" stands for. */
static mdg_status take_acquired(mdg_converter *c, const mdg_item *item) {
    mdg_series s;
    mdg_writer w;
    double hz;
    MDG_TRY(mdg_item_series(c, item, c->opts->rate, &s, &hz));
    if (!(hz > 0)) hz = c->opts->rows_hz;
    if (!(hz > 0))
        return mdg_fail(c->diag, MDG_UNSUPPORTED, "%s: its rate is not known; say it with --rows-hz",
                        item->source);
    const bool is_test = strcmp(item->split, mdg_split_text(MDG_SPLIT_TEST)) == 0;
    const char *folder =
        mdg_arena_printf(c->item_arena, "%s/%s", c->opts->out, is_test ? "testing" : "training");
    const char *place = strchr(mdg_item_place(c, item, "json"), '/') + 1;
    const char *path =
        mdg_arena_printf(c->item_arena, "%s/%s.%s", folder, mdg_item_clean(c, item->label, false), place);
    MDG_TRY(mdg_folder_make(folder, c->diag));
    MDG_TRY(mdg_writer_open(&w, path, c->diag));
    w.unsynced = true;
    char signature[65];
    memset(signature, '0', 64);
    signature[64] = '\0';
    json_t *root = json_pack("{s:{s:s, s:s}, s:s, s:{s:o, s:s, s:f, s:o, s:o}}", "protected", "ver", "v1",
                             "alg", "none", "signature", signature, "payload", "device_name",
                             text_json(item->group), "device_type", "midge", "interval_ms", 1000 / hz,
                             "sensors", sensors_json(c, item, &s), "values", values_json(item, &s));
    json_dumpf(root, w.stream, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(root);
    return mdg_writer_close(&w, c->diag);
}

static mdg_status close_nothing(mdg_converter *c) {
    (void)c;
    return MDG_OK;
}

const mdg_sink mdg_sink_edge_impulse = {open_nothing, take_acquired, close_nothing};

typedef struct strokes {
    mdg_writer w;
    long n;
} strokes;

static mdg_status open_strokes(mdg_converter *c) {
    strokes *s = c->state = mdg_arena_alloc(c->kept, sizeof *s);
    MDG_TRY(mdg_writer_open(&s->w, mdg_arena_printf(c->kept, "%s/strokes.json", c->opts->out), c->diag));
    fputs("{\"strokes\": [", s->w.stream);
    return MDG_OK;
}

static mdg_status take_stroke(mdg_converter *c, const mdg_item *item) {
    strokes *out = c->state;
    mdg_series s;
    double hz;
    MDG_TRY(mdg_item_series(c, item, 0, &s, &hz));
    if (s.channels != 2)
        return mdg_fail(c->diag, MDG_INVALID, "%d columns, where strokes have x and y", s.channels);
    json_t *points = json_array();
    for (size_t i = 0; i < s.n; i++)
        json_array_append_new(
            points, json_pack("{s:f, s:f}", "x", (double)s.values[2 * i], "y", (double)s.values[2 * i + 1]));
    json_t *stroke =
        json_pack("{s:I, s:o, s:o, s:o}", "index", (json_int_t)out->n, "label", text_json(item->label),
                  "group", text_json(item->group), "strokePoints", points);
    fputs(out->n++ ? ",\n" : "\n", out->w.stream);
    json_dumpf(stroke, out->w.stream, JSON_COMPACT | JSON_REAL_PRECISION(9));
    json_decref(stroke);
    return MDG_OK;
}

static mdg_status close_strokes(mdg_converter *c) {
    strokes *s = c->state;
    fputs("\n]}\n", s->w.stream);
    return mdg_writer_close(&s->w, c->diag);
}

const mdg_sink mdg_sink_strokes = {open_strokes, take_stroke, close_strokes};
