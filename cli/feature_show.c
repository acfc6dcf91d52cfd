/* SPDX-License-Identifier: MIT
 *
 * feature_show.c: features of a recording as text, JSON, CSV and picture.
 */
#include <math.h>
#include <string.h>

#include "cli/feature_rows.h"
#include "midge/spectral.h"
#include "report/picture.h"
#include "util/file.h"

enum { PLOT_WIDTH = 480, BANDS_HEIGHT = 160, LINE_HEIGHT = 70, ROW_HEIGHT = 13 };

/* In the order of mdg_feature_kind */
static const struct {
    const char *name, *unit;
} kinds[] = {{"none", ""},
             {"log_mel", "1/256 of a factor of two of power"},
             {"mfcc", "1/64 of a factor of two of power"},
             {"raw", "steps of the samples"},
             {"micro", "1/64 of a factor of e"},
             {"spectrogram", "1/256 of a factor of two of power"},
             {"spectral", "bands: 1/256 of a factor of two of power"}};

const char *mdg_feature_kind_name(mdg_feature_kind kind) {
    return kinds[kind].name;
}

const char *mdg_feature_unit(mdg_feature_kind kind) {
    return kinds[kind].unit;
}

typedef struct column_stats {
    int lo, hi;
    double mean;
} column_stats;

static int value_of(const mdg_feature_rows *r, int frame, int column) {
    return r->values[(int64_t)frame * r->features.width + column];
}

static column_stats stats_of(const mdg_feature_rows *r, int column) {
    column_stats s = {INT16_MAX, INT16_MIN, 0};
    int64_t sum = 0;
    for (int t = 0; t < r->frames; t++) {
        const int x = value_of(r, t, column);
        if (x < s.lo) s.lo = x;
        if (x > s.hi) s.hi = x;
        sum += x;
    }
    s.mean = (double)sum / r->frames;
    return s;
}

static bool has_window(const mdg_feature_rows *r) {
    return r->opts.kind != MDG_FEATURE_RAW;
}

static bool has_bands(const mdg_feature_rows *r) {
    return has_window(r) && r->opts.n_mels > 0;
}

static double seconds_of(const mdg_feature_rows *r) {
    return r->opts.image_h ? 0 : (double)r->frames * r->features.hop / r->opts.sample_rate;
}

/* ==== Text and JSON ==== */

static void print_filter(const mdg_feature_opts *o, FILE *out) {
    static const char *const names[] = {"no filter", "low pass", "high pass", "band pass"};
    fprintf(out, ", %s of order %d at", names[o->filter], o->filter_order);
    if (o->filter & 2) fprintf(out, " %g", (double)o->filter_low_hz);
    if (o->filter == 3) fprintf(out, " and");
    if (o->filter & 1) fprintf(out, " %g", (double)o->filter_high_hz);
    fprintf(out, " Hz");
}

static void print_options(const mdg_feature_rows *r, FILE *out) {
    const mdg_feature_opts *o = &r->opts;
    fprintf(out, "  %s", mdg_feature_kind_name(o->kind));
    if (has_window(r))
        fprintf(out, ", window %g ms (%d samples), hop %g ms (%d samples)", o->window_us / 1000.0,
                (int)r->features.window, o->hop_us / 1000.0, (int)r->features.hop);
    if (o->filter) print_filter(o, out);
    if (has_bands(r))
        fprintf(out, ", %d bands from %g to %g Hz", o->n_mels, (double)o->f_min_hz,
                mdg_feature_highest_hz(&r->opts));
    if (o->kind == MDG_FEATURE_MFCC) fprintf(out, ", %d coefficients", o->n_coeffs);
    if (o->kind == MDG_FEATURE_SPECTRAL && o->envelope)
        fprintf(out, ", of the envelope over %d samples", o->envelope);
    if (o->kind == MDG_FEATURE_SPECTRAL && o->statistics) fprintf(out, ", statistics");
    if (o->image_h && (o->crop_h || o->resize_h || o->grey))
        fprintf(out, ", cropped and scaled (%s) to %d x %d x %d", o->scaling ? "bilinear" : "area",
                r->shape.h, r->shape.w, r->shape.c);
    if (o->kind == MDG_FEATURE_RAW && o->decimate > 1) fprintf(out, ", means of %d samples", o->decimate);
    fprintf(out, "\n  %d rows of %d values; unit: %s\n", r->frames, (int)r->features.width,
            mdg_feature_unit(o->kind));
}

void mdg_feature_rows_print(const mdg_feature_rows *r, FILE *out) {
    if (r->opts.image_h)
        fprintf(out, "%s: %d x %d pixels, %d channels\n", r->file, r->opts.image_h, r->opts.image_w,
                (int)r->features.channels);
    else
        fprintf(out, "%s: %.3f s, %d Hz, %d channel%s\n", r->file,
                (double)r->recording.n / r->opts.sample_rate, r->opts.sample_rate, (int)r->features.channels,
                r->features.channels > 1 ? "s" : "");
    print_options(r, out);
    for (int c = 0; r->recording.full_scale && c < r->recording.channels; c++)
        fprintf(out, "  %s: 32767 steps are %g\n", r->recording.names[c], (double)r->recording.full_scale[c]);
    fprintf(out, "  %-24s %8s %8s %10s %8s\n", "column", "Hz", "min", "mean", "max");
    for (int k = 0; k < r->features.width; k++) {
        const column_stats s = stats_of(r, k);
        fprintf(out, "  %-24s ", r->columns[k]);
        if (r->centres_hz[k] > 0)
            fprintf(out, "%8.0f", r->centres_hz[k]);
        else
            fprintf(out, "%8s", "-");
        fprintf(out, " %8d %10.1f %8d\n", s.lo, s.mean, s.hi);
    }
}

static json_t *options_json(const mdg_feature_rows *r) {
    const mdg_feature_opts *o = &r->opts;
    json_t *j =
        json_pack("{s:s, s:i}", "kind", mdg_feature_kind_name(o->kind), "sample_rate", o->sample_rate);
    json_object_set_new(j, "window_samples", json_integer(r->features.window));
    json_object_set_new(j, "hop_samples", json_integer(r->features.hop));
    if (has_window(r)) json_object_set_new(j, "mels", json_integer(o->n_mels));
    if (has_bands(r)) {
        json_object_set_new(j, "low_hz", json_real((double)o->f_min_hz));
        json_object_set_new(j, "high_hz", json_real(mdg_feature_highest_hz(&r->opts)));
    }
    if (o->kind == MDG_FEATURE_MFCC) json_object_set_new(j, "coefficients", json_integer(o->n_coeffs));
    if (o->kind == MDG_FEATURE_SPECTRAL) {
        json_object_set_new(j, "statistics", json_boolean(o->statistics));
        json_object_set_new(j, "envelope", json_integer(o->envelope));
    }
    return j;
}

static json_t *scales_json(const mdg_recording *rec) {
    json_t *list = json_array();
    for (int c = 0; rec->full_scale && c < rec->channels; c++)
        json_array_append_new(list, json_real((double)rec->full_scale[c]));
    return list;
}

json_t *mdg_feature_rows_json(const mdg_feature_rows *r) {
    json_t *o = json_pack("{s:s, s:o}", "file", r->file, "options", options_json(r));
    json_t *columns = json_array();
    json_object_set_new(o, "samples", json_integer((json_int_t)r->recording.n));
    json_object_set_new(o, "channels", json_integer(r->features.channels));
    json_object_set_new(o, "rows", json_integer(r->frames));
    json_object_set_new(o, "width", json_integer(r->features.width));
    json_object_set_new(o, "unit", json_string(mdg_feature_unit(r->opts.kind)));
    json_object_set_new(o, "full_scale", scales_json(&r->recording));
    for (int k = 0; k < r->features.width; k++) {
        const column_stats s = stats_of(r, k);
        json_t *c = json_pack("{s:s, s:i, s:f, s:i}", "name", r->columns[k], "min", s.lo, "mean", s.mean,
                              "max", s.hi);
        if (r->centres_hz[k] > 0) json_object_set_new(c, "hz", json_real(r->centres_hz[k]));
        json_array_append_new(columns, c);
    }
    json_object_set_new(o, "columns", columns);
    return o;
}

/* ==== CSV ==== */

/* A name as a field, in quotes where it must be (RFC 4180) */
static void print_field(FILE *out, const char *text) {
    const bool quoted = strpbrk(text, ",\"\r\n") != NULL;
    fputs(quoted ? ",\"" : ",", out);
    for (; *text; text++) {
        if (*text == '"') fputc('"', out);
        fputc(*text, out);
    }
    if (quoted) fputc('"', out);
}

/* Where the row begins: its time, or its pixel */
static void print_place(const mdg_feature_rows *r, int frame, FILE *out) {
    if (r->opts.image_h)
        fprintf(out, "%d,%d", frame / r->shape.w, frame % r->shape.w);
    else
        fprintf(out, "%.6f", (double)frame * r->features.hop / r->opts.sample_rate);
}

mdg_status mdg_feature_rows_csv(const mdg_feature_rows *r, const char *path, mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    fputs(r->opts.image_h ? "y,x" : "time_s", w.stream);
    for (int k = 0; k < r->features.width; k++) print_field(w.stream, r->columns[k]);
    fputc('\n', w.stream);
    for (int t = 0; t < r->frames; t++) {
        print_place(r, t, w.stream);
        for (int k = 0; k < r->features.width; k++) fprintf(w.stream, ",%d", value_of(r, t, k));
        fputc('\n', w.stream);
    }
    return mdg_writer_close(&w, diag);
}

/* ==== Picture ==== */

static mdg_panel bands_panel(const mdg_feature_rows *r, int first, int n) {
    return (mdg_panel){.kind = MDG_PANEL_BANDS,
                       .first = first,
                       .n = n,
                       .height = BANDS_HEIGHT,
                       .mel = mdg_feature_is_mel(&r->opts),
                       .lo_hz = mdg_feature_band_hz(&r->opts, -0.5, n),
                       .hi_hz = mdg_feature_band_hz(&r->opts, n - 0.5, n)};
}

static mdg_panel coefficients_panel(const mdg_feature_rows *r) {
    return (mdg_panel){.kind = MDG_PANEL_ROWS, .n = r->features.width, .height = BANDS_HEIGHT};
}

/* Bands and statistics of each channel */
static int spectral_panels(mdg_arena *arena, const mdg_feature_rows *r, mdg_panel *out) {
    const int channels = r->features.channels, each = r->features.width / channels;
    const int statistics = r->opts.statistics ? MDG_SPECTRAL_STATISTICS : 0, bands = each - statistics;
    int n = 0;
    for (int c = 0; c < channels; c++) {
        const int first = c * each, mark = (int)strcspn(r->columns[first + each - 1], ".");
        const char *title = mdg_arena_printf(arena, "%.*s", mark, r->columns[first]);
        if (bands) {
            out[n] = bands_panel(r, first, bands);
            out[n++].title = title;
        }
        if (!statistics) continue;
        const char **names = mdg_arena_array(arena, (size_t)statistics, sizeof *names);
        for (int k = 0; k < statistics; k++) names[k] = r->columns[first + bands + k] + mark + 1;
        out[n] = (mdg_panel){.kind = MDG_PANEL_ROWS,
                             .title = bands ? NULL : title,
                             .first = first + bands,
                             .n = statistics,
                             .height = statistics * ROW_HEIGHT,
                             .names = names};
        n++;
    }
    return n;
}

static int line_panels(const mdg_feature_rows *r, mdg_panel *out) {
    for (int k = 0; k < r->features.width; k++)
        out[k] = (mdg_panel){
            .kind = MDG_PANEL_LINE, .title = r->columns[k], .first = k, .n = 1, .height = LINE_HEIGHT};
    return r->features.width;
}

/* A picture's channels one below the other: columns of pixels become frames, lines count from below. */
static mdg_picture image_picture(mdg_arena *arena, const mdg_feature_rows *r, mdg_panel *panels) {
    const int h = r->shape.h, w = r->shape.w, channels = r->features.width;
    int16_t *values = mdg_arena_array(arena, (size_t)r->frames * (size_t)channels, sizeof *values);
    const int scale = (int)fmax(1, 240.0 / fmax(h, w));
    for (int c = 0; c < channels; c++) {
        for (int y = 0; y < h; y++)
            for (int x = 0; x < w; x++)
                values[(x * channels + c) * h + h - 1 - y] = (int16_t)value_of(r, y * w + x, c);
        panels[c] = (mdg_panel){
            .kind = MDG_PANEL_BANDS, .title = r->columns[c], .first = c * h, .n = h, .height = h * scale};
    }
    return (mdg_picture){
        .values = values, .frames = w, .width = h * channels, .n_panels = channels, .plot_width = w * scale};
}

mdg_status mdg_feature_rows_png(mdg_arena *arena, const mdg_feature_rows *r, const char *path,
                                mdg_diag *diag) {
    mdg_panel *panels = mdg_arena_array(arena, (size_t)r->features.width * 2 + 1, sizeof *panels);
    mdg_picture p = {.values = r->values,
                     .frames = r->frames,
                     .width = r->features.width,
                     .seconds = seconds_of(r),
                     .plot_width = PLOT_WIDTH};
    if (r->opts.image_h)
        p = image_picture(arena, r, panels);
    else if (r->opts.kind == MDG_FEATURE_SPECTRAL)
        p.n_panels = spectral_panels(arena, r, panels);
    else if (r->opts.kind == MDG_FEATURE_RAW)
        p.n_panels = line_panels(r, panels);
    else if (r->opts.kind == MDG_FEATURE_MFCC)
        panels[p.n_panels++] = coefficients_panel(r);
    else
        panels[p.n_panels++] = bands_panel(r, 0, r->features.width);
    const char *slash = strrchr(r->file, '/');
    p.title =
        mdg_arena_printf(arena, "%s of %s", mdg_feature_kind_name(r->opts.kind), slash ? slash + 1 : r->file);
    p.panels = panels;
    return mdg_picture_write(&p, path, diag);
}
