/* SPDX-License-Identifier: MIT
 *
 * JSON: Edge Impulse's data acquisition format, a recording a file, and strokes, many in a file.
 */
#include <jansson.h>
#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include "collection/item.h"

typedef struct acquired {
    const char *names[MDG_DATA_MAX_CHANNELS];
    const char *units;
    int channels;
    double rate;
    float *values;
    size_t n;
} acquired;

static const char *text_in(const json_t *object, const char *key) {
    const char *text = json_string_value(json_object_get(object, key));
    return text ? text : "";
}

static mdg_status read_sensors(mdg_converter *c, const json_t *payload, acquired *a) {
    const json_t *sensors = json_object_get(payload, "sensors");
    const double interval_ms = json_number_value(json_object_get(payload, "interval_ms"));
    const size_t n = json_array_size(sensors);
    if (n == 0 || n > MDG_DATA_MAX_CHANNELS)
        return mdg_fail(c->diag, MDG_INVALID, "payload.sensors names %zu sensors, not 1 to %d", n,
                        MDG_DATA_MAX_CHANNELS);
    if (!(interval_ms > 0))
        return mdg_fail(c->diag, MDG_INVALID, "payload.interval_ms is missing or not positive");
    a->rate = 1000 / interval_ms;
    a->channels = (int)n;
    a->units = "";
    for (size_t i = 0; i < n; i++) {
        const json_t *sensor = json_array_get(sensors, i);
        a->names[i] = text_in(sensor, "name");
        a->units = mdg_arena_printf(c->arena, "%s%s%s", a->units, i ? " " : "", text_in(sensor, "units"));
    }
    return MDG_OK;
}

static mdg_status read_values(mdg_converter *c, const json_t *payload, acquired *a) {
    const json_t *rows = json_object_get(payload, "values");
    const size_t width = (size_t)a->channels;
    a->n = json_array_size(rows);
    if (a->n == 0) return mdg_fail(c->diag, MDG_INVALID, "payload.values is missing or empty");
    a->values = mdg_arena_array(c->arena, a->n * width, sizeof *a->values);
    for (size_t i = 0; i < a->n; i++) {
        const json_t *row = json_array_get(rows, i);
        const bool is_list = json_is_array(row);
        if (is_list ? json_array_size(row) != width : width != 1)
            return mdg_fail(c->diag, MDG_INVALID, "payload.values[%zu] has %zu values for %zu sensors", i,
                            is_list ? json_array_size(row) : 1, width);
        for (size_t k = 0; k < width; k++) {
            const json_t *value = is_list ? json_array_get(row, k) : row;
            if (!json_is_number(value))
                return mdg_fail(c->diag, MDG_INVALID, "payload.values[%zu] holds what is no number", i);
            a->values[i * width + k] = (float)json_number_value(value);
        }
    }
    return MDG_OK;
}

/* One sensor "audio" holds samples of 16 bits. */
static bool is_sound(const acquired *a) {
    return a->channels == 1 && strcmp(a->names[0], "audio") == 0 && a->rate >= 1000;
}

static void to_full_scale(acquired *a) {
    for (size_t i = 0; i < a->n; i++) a->values[i] /= 32768.0f;
}

/* "idle.s1.json" and "idle/s1.json" are of class idle; folders training and testing are splits. */
static void name_acquired(mdg_converter *c, const char *below, mdg_item *item) {
    item->split = "";
    for (const char *slash; (slash = strchr(below, '/')); below = slash + 1) {
        const size_t n = (size_t)(slash - below);
        if (n == 8 && strncmp(below, "training", n) == 0)
            item->split = mdg_split_text(MDG_SPLIT_TRAIN);
        else if (n == 7 && strncmp(below, "testing", n) == 0)
            item->split = mdg_split_text(MDG_SPLIT_TEST);
        else
            item->label = mdg_arena_printf(c->arena, "%.*s", (int)n, below);
    }
    if (!*item->label) item->label = mdg_arena_printf(c->arena, "%.*s", (int)strcspn(below, "."), below);
    const size_t n = strlen(item->label);
    item->name = mdg_item_stem(c->arena, below);
    if (strncmp(item->name, item->label, n) == 0 && item->name[n] == '.') item->name += n + 1;
}

static mdg_status give_acquired(mdg_converter *c, const char *path, const char *below, const json_t *root) {
    const json_t *payload = json_object_get(root, "payload");
    acquired a = {.channels = 0};
    if (!json_is_object(payload))
        return mdg_fail(c->diag, MDG_INVALID, "there is no object \"payload\" in it");
    MDG_TRY(read_sensors(c, payload, &a));
    MDG_TRY(read_values(c, payload, &a));
    mdg_item item = {.kind = is_sound(&a) ? MDG_DATA_AUDIO : MDG_DATA_SERIES,
                     .label = "",
                     .group = text_in(payload, "device_name"),
                     .source = path,
                     .values = a.values,
                     .n = a.n,
                     .channels = a.channels,
                     .names = a.names,
                     .units = a.units,
                     .rate = a.rate};
    if (is_sound(&a)) to_full_scale(&a);
    name_acquired(c, below, &item);
    return mdg_convert_give(c, &item);
}

/* One stroke: its points as {"x":, "y":} or [x, y]. */
static mdg_status give_stroke(mdg_converter *c, const char *path, const json_t *stroke, size_t index) {
    static const char *const names[] = {"x", "y"};
    const json_t *points = json_object_get(stroke, "strokePoints");
    const size_t n = json_array_size(points);
    float *values = mdg_arena_array(c->arena, 2 * n + 1, sizeof *values);
    mdg_item item = {.kind = MDG_DATA_SERIES, .label = text_in(stroke, "label"), .split = "", .source = path};
    if (!n || !*item.label)
        return mdg_fail(c->diag, MDG_INVALID, "stroke %zu lacks its label or its points", index);
    for (size_t i = 0; i < n; i++) {
        const json_t *point = json_array_get(points, i);
        for (size_t k = 0; k < 2; k++) {
            const json_t *value =
                json_is_array(point) ? json_array_get(point, k) : json_object_get(point, names[k]);
            if (!json_is_number(value))
                return mdg_fail(c->diag, MDG_INVALID, "stroke %zu: point %zu lacks x or y", index, i);
            values[2 * i + k] = (float)json_number_value(value);
        }
    }
    item.group = text_in(stroke, "group");
    item.name = mdg_arena_printf(c->arena, "%s_%05zu", mdg_item_stem(c->arena, path), index);
    item.values = values;
    item.n = n;
    item.channels = 2;
    item.names = names;
    return mdg_convert_give(c, &item);
}

static mdg_status give_strokes(mdg_converter *c, const char *path, const json_t *root) {
    const json_t *strokes = json_object_get(root, "strokes");
    if (!json_is_array(strokes)) return mdg_fail(c->diag, MDG_INVALID, "there is no list \"strokes\" in it");
    for (size_t i = 0; i < json_array_size(strokes); i++) {
        mdg_arena *all = c->arena;
        c->arena = mdg_arena_new();
        const mdg_status status = give_stroke(c, path, json_array_get(strokes, i), i);
        mdg_arena_free(c->arena);
        c->arena = all;
        if (status == MDG_INVALID)
            mdg_convert_skip(c, path, c->diag->text);
        else if (status != MDG_OK)
            return status;
    }
    return MDG_OK;
}

static mdg_status visit_json(mdg_converter *c, const char *path, const char *below, bool strokes) {
    json_error_t error;
    json_t *root = json_load_file(path, 0, &error);
    mdg_arena *all = c->arena;
    if (!root) {
        mdg_fail(c->diag, MDG_INVALID, "no JSON: line %d: %s", error.line, error.text);
        return mdg_convert_skip(c, path, c->diag->text);
    }
    c->arena = mdg_arena_new(); /* of this file alone */
    const mdg_status status = strokes ? give_strokes(c, path, root) : give_acquired(c, path, below, root);
    mdg_arena_free(c->arena);
    c->arena = all;
    json_decref(root);
    return status == MDG_INVALID ? mdg_convert_skip(c, path, c->diag->text) : status;
}

static mdg_status visit_acquired(mdg_converter *c, const char *path, const char *below) {
    return visit_json(c, path, below, false);
}

static mdg_status visit_strokes(mdg_converter *c, const char *path, const char *below) {
    return visit_json(c, path, below, true);
}

static mdg_status read_json(mdg_converter *c, mdg_source_visit visit) {
    struct stat info;
    const bool is_file = stat(c->opts->source, &info) == 0 && S_ISREG(info.st_mode);
    const char *slash = strrchr(c->opts->source, '/');
    if (is_file) return visit(c, c->opts->source, slash ? slash + 1 : c->opts->source);
    return mdg_source_files(c, "json", visit);
}

mdg_status mdg_source_edge_impulse(mdg_converter *c) {
    return read_json(c, visit_acquired);
}

mdg_status mdg_source_strokes(mdg_converter *c) {
    return read_json(c, visit_strokes);
}
