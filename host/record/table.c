/* SPDX-License-Identifier: MIT */
#include "record/table.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const double held_s = 0.9, shortest_span_s = 0.2;

mdg_status mdg_table_open(mdg_table *t, const mdg_record_opts *opts, mdg_record_tally *tally,
                          mdg_diag *diag) {
    memset(t, 0, sizeof *t);
    t->opts = opts;
    t->tally = tally;
    t->time_column = -1;
    return mdg_store_open(&t->store, opts, "csv", tally, diag);
}

/* --- which column is the time ----------------------------------------------------------------------------
 */

static const struct {
    const char *name;
    double unit; /* in seconds; 0 = to be found */
} time_names[] = {{"time", 0},
                  {"timestamp", 0},
                  {"t", 0},
                  {"ms", 1e-3},
                  {"millis", 1e-3},
                  {"time_ms", 1e-3},
                  {"t_ms", 1e-3},
                  {"timestamp_ms", 1e-3},
                  {"us", 1e-6},
                  {"micros", 1e-6},
                  {"time_us", 1e-6},
                  {"t_us", 1e-6},
                  {"timestamp_us", 1e-6},
                  {"seconds", 1},
                  {"time_s", 1},
                  {"t_s", 1}};

/* The i-th field of a row or of the names; *length tells how long. */
static const char *field_at(const char *row, int i, size_t *length) {
    for (; i > 0; i--) row += strcspn(row, ",") + 1;
    *length = strcspn(row, ",");
    return row;
}

static bool find_named_time(mdg_table *t) {
    for (int c = 0; c < t->columns; c++) {
        size_t length;
        const char *name = field_at(t->names, c, &length);
        for (size_t k = 0; k < sizeof time_names / sizeof *time_names; k++) {
            if (strlen(time_names[k].name) != length || strncasecmp(name, time_names[k].name, length) != 0)
                continue;
            t->time_column = c;
            t->time_unit = time_names[k].unit;
            return true;
        }
    }
    return false;
}

static void number_axes(mdg_table *t) {
    size_t n = 0;
    for (int c = 0; c < t->columns; c++)
        n += (size_t)snprintf(t->names + n, sizeof t->names - n, "%sa%d", c ? "," : "", c + 1);
}

static void learn_columns(mdg_table *t, int columns, const char *names) {
    t->columns = columns;
    t->first_s = t->now_s;
    if (names)
        snprintf(t->names, sizeof t->names, "%s", names);
    else
        number_axes(t);
    t->named_time = names && find_named_time(t);
    if (!t->named_time) t->time_column = columns > 1 ? 0 : -1; /* perhaps */
}

static void watch_time(mdg_table *t, const char *row) {
    size_t length;
    if (t->time_column < 0) return;
    const double time = strtod(field_at(row, t->time_column, &length), NULL);
    if (t->tally->rows == 0) {
        t->first_time = time;
        t->rising = true;
    } else if (time <= t->last_time) {
        t->rising = false;
    }
    t->last_time = time;
}

/* Rows a second by their times of arrival; 0 = they do not tell. */
static double arrival_rate(const mdg_table *t) {
    const double span = t->last_s - t->first_s;
    return t->tally->rows > 1 && span >= shortest_span_s ? (double)(t->tally->rows - 1) / span : 0;
}

/* The unit with which the time column runs as fast as the clock: within a quarter, or else the nearest. */
static double fitting_unit(const mdg_table *t, bool nearest) {
    static const double units[] = {1e-3, 1e-6, 1};
    const double elapsed = t->last_s - t->first_s, told = t->last_time - t->first_time;
    double best = 0, best_error = nearest ? INFINITY : log(1.25);
    for (size_t i = 0; i < sizeof units / sizeof *units && told > 0 && elapsed >= shortest_span_s; i++) {
        const double error = fabs(log(told * units[i] / elapsed));
        if (error >= best_error) continue;
        best = units[i];
        best_error = error;
    }
    return best;
}

/* A first column without a name is the time when it runs like the clock. */
static void decide_time(mdg_table *t) {
    if (t->time_column < 0) return;
    if (t->named_time) {
        if (t->time_unit <= 0) t->time_unit = fitting_unit(t, true);
        if (t->time_unit <= 0) t->time_unit = 1e-3; /* as boards have it */
        return;
    }
    const bool enough = t->rising && t->tally->rows >= 10;
    t->time_unit = enough ? fitting_unit(t, false) : 0;
    if (t->time_unit <= 0) {
        t->time_column = -1;
        return;
    }
    char rest[MDG_ROW_CHARS];
    size_t length;
    snprintf(rest, sizeof rest, "%s", field_at(t->names, 1, &length));
    snprintf(t->names, sizeof t->names, "time,%.1000s", rest);
}

static double known_rate(mdg_table *t) {
    t->rate_from = "given";
    if (t->opts->rate_hz > 0) return t->opts->rate_hz;
    const double span = t->time_column >= 0 ? (t->last_time - t->first_time) * t->time_unit : 0;
    t->rate_from = "time column";
    if (t->rising && span > 0) return (double)(t->tally->rows - 1) / span;
    t->rate_from = "arrival";
    return arrival_rate(t);
}

/* --- files -----------------------------------------------------------------------------------------------
 */

static json_t *about(mdg_table *t) {
    json_t *o = json_object(), *axes = json_array();
    for (int c = 0; c < t->columns; c++) {
        size_t length;
        const char *name = field_at(t->names, c, &length);
        if (c != t->time_column) json_array_append_new(axes, json_stringn(name, length));
    }
    json_object_set_new(o, "kind", json_string("series"));
    json_object_set_new(o, "axes", axes);
    json_object_set_new(o, "rate_hz", json_real(t->tally->rate_hz));
    json_object_set_new(o, "rate_from", json_string(t->rate_from));
    return o;
}

static mdg_status end_clip(mdg_table *t, json_t *more, mdg_diag *diag) {
    json_t *o = about(t);
    json_object_set_new(o, "rows", json_integer((json_int_t)t->rows_in_clip));
    if (more) json_object_update(o, more);
    json_decref(more);
    t->rows_in_clip = 0;
    return mdg_store_end(&t->store, o, t->tally, diag);
}

static mdg_status write_row(mdg_table *t, const char *row, size_t length, mdg_diag *diag) {
    if (t->rows_per_clip && t->rows_in_clip == t->rows_per_clip) MDG_TRY(end_clip(t, NULL, diag));
    if (!t->store.stream) {
        MDG_TRY(mdg_store_begin(&t->store, about(t), diag));
        fprintf(t->store.stream, "%s\n", t->names);
    }
    fwrite(row, 1, length, t->store.stream);
    fputc('\n', t->store.stream);
    if (ferror(t->store.stream)) return mdg_store_flush(&t->store, diag); /* which tells why */
    t->rows_in_clip++;
    return MDG_OK;
}

static void tell_decision(const mdg_table *t) {
    char line[MDG_ROW_CHARS + 200];
    if (!t->opts->watch.tell) return;
    snprintf(line, sizeof line, "%d columns: %s; %.5g rows a second (%s)", t->columns, t->names,
             t->tally->rate_hz, t->tally->rate_hz > 0 ? t->rate_from : "too few to tell");
    t->opts->watch.tell(t->opts->watch.context, line);
}

static mdg_status decide(mdg_table *t, mdg_diag *diag) {
    decide_time(t);
    t->tally->rate_hz = known_rate(t);
    t->rows_per_clip = (uint64_t)llround(t->opts->clip_seconds * t->tally->rate_hz);
    t->decided = true;
    tell_decision(t);
    for (char *row = t->held, *end = t->held + t->held_bytes; row < end;) {
        const size_t length = strcspn(row, "\n");
        MDG_TRY(write_row(t, row, length, diag));
        row += length + 1;
    }
    return MDG_OK;
}

/* Of a recording whose rate is given, to the row. */
static bool is_complete(const mdg_table *t) {
    const mdg_record_opts *o = t->opts;
    return o->rate_hz > 0 && o->seconds > 0 && (double)t->tally->rows >= o->rate_hz * o->seconds;
}

mdg_status mdg_table_take(void *table, const char *row, int columns, const char *names, mdg_diag *diag) {
    mdg_table *t = table;
    const size_t length = strlen(row);
    if (is_complete(t)) return MDG_OK;
    if (t->columns == 0) learn_columns(t, columns, names);
    if (!t->decided && t->held_bytes + length + 2 > sizeof t->held) MDG_TRY(decide(t, diag));
    watch_time(t, row);
    t->last_s = t->now_s;
    t->tally->rows++;
    if (t->decided) return write_row(t, row, length, diag);
    t->held_bytes += (size_t)snprintf(t->held + t->held_bytes, sizeof t->held - t->held_bytes, "%s\n", row);
    return MDG_OK;
}

mdg_status mdg_table_flush(mdg_table *t, mdg_diag *diag) {
    if (!t->decided && t->columns && t->now_s - t->first_s >= held_s) MDG_TRY(decide(t, diag));
    return mdg_store_flush(&t->store, diag);
}

mdg_status mdg_table_close(mdg_table *t, json_t *more, mdg_diag *diag) {
    mdg_status status = t->columns && !t->decided ? decide(t, diag) : MDG_OK;
    if (t->columns) t->tally->rate_hz = known_rate(t); /* over the whole of it */
    mdg_status ended = MDG_OK;
    if (t->store.stream)
        ended = end_clip(t, more, status == MDG_OK ? diag : NULL);
    else
        json_decref(more);
    return status == MDG_OK ? ended : status;
}
