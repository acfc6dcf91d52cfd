/* SPDX-License-Identifier: MIT */
#include <cairo.h>
#include <math.h>

#include "collection/draw.h"
#include "util/file.h"

enum {
    WIDTH = 960,
    LEFT = 70,
    TOP = 34,
    PLOT = 860,
    WAVE = 200,
    GAP = 40,
    BANDS = 128,
    BAND = 2,
    BOTTOM = 34
};

/* From black over violet and orange to a light yellow: brightness grows with level, in print and to eyes that
 * see fewer colours. */
static void set_heat(cairo_t *cr, float db) {
    const double t = fmin(fmax(1 + (double)db / 80, 0), 1);
    cairo_set_source_rgb(cr, fmin(1, 1.5 * t), t * t, t < 0.5 ? 0.8 * t : fmax(0.8 * (1 - t), 4 * t - 3.3));
}

static void draw_channel(cairo_t *cr, const mdg_series *s, int channel, double top, double height) {
    float low[PLOT], high[PLOT], least = INFINITY, most = -INFINITY;
    char text[120];
    mdg_draw_envelope(s, channel, PLOT, low, high);
    for (int x = 0; x < PLOT; x++) least = fminf(least, low[x]), most = fmaxf(most, high[x]);
    const double scale = most > least ? (height - 4) / (double)(most - least) : 0;
    cairo_set_source_rgb(cr, 0.12, 0.35, 0.65);
    for (int x = 0; x < PLOT; x++) {
        const double y = top + 2 + (double)(most - high[x]) * scale;
        cairo_rectangle(cr, LEFT + x, y, 1, fmax(1, (double)(high[x] - low[x]) * scale));
    }
    cairo_fill(cr);
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    snprintf(text, sizeof text, "%.3g", (double)most);
    cairo_move_to(cr, 8, top + 10);
    cairo_show_text(cr, text);
    snprintf(text, sizeof text, "%.3g", (double)least);
    cairo_move_to(cr, 8, top + height);
    cairo_show_text(cr, text);
    if (!s->names || !*s->names[channel]) return;
    cairo_move_to(cr, 8, top + height / 2 + 5);
    cairo_show_text(cr, s->names[channel]);
}

static void draw_spectrogram(cairo_t *cr, const mdg_drawing *d, double top, mdg_arena *arena) {
    const float *db = mdg_draw_spectrogram(&d->series, 0, d->rate, PLOT, BANDS, arena);
    char text[40];
    for (int x = 0; db && x < PLOT; x++)
        for (int b = 0; b < BANDS; b++) {
            set_heat(cr, db[x * BANDS + b]);
            cairo_rectangle(cr, LEFT + x, top + BAND * (BANDS - 1 - b), 1, BAND);
            cairo_fill(cr);
        }
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    snprintf(text, sizeof text, d->rate > 0 ? "%.4g Hz" : "rate / 2", d->rate / 2);
    cairo_move_to(cr, 8, top + 10);
    cairo_show_text(cr, text);
    cairo_move_to(cr, 8, top + BAND * BANDS);
    cairo_show_text(cr, "0");
}

/* Five marks below the plots */
static void draw_times(cairo_t *cr, const mdg_drawing *d, double y) {
    for (int i = 0; i <= 4; i++) {
        char text[40];
        const double n = (double)d->series.n * i / 4;
        snprintf(text, sizeof text, d->rate > 0 ? "%.3g s" : "%.0f", d->rate > 0 ? n / d->rate : n);
        cairo_move_to(cr, LEFT + PLOT * i / 4.0 - (i == 4 ? 30 : 0), y);
        cairo_show_text(cr, text);
    }
}

static cairo_status_t write_piece(void *context, const unsigned char *data, unsigned n) {
    return fwrite(data, 1, n, context) == n ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

static mdg_status save(cairo_surface_t *surface, const char *path, mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, write_piece, w.stream);
    if (status == CAIRO_STATUS_SUCCESS) return mdg_writer_close(&w, diag);
    mdg_writer_discard(&w);
    return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", path, cairo_status_to_string(status));
}

mdg_status mdg_draw_png(const mdg_drawing *d, const char *path, mdg_arena *arena, mdg_diag *diag) {
    if (d->kind == MDG_DATA_IMAGES)
        return mdg_fail(diag, MDG_UNSUPPORTED, "%s: is a picture already", d->path);
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, TOP + WAVE + GAP + BAND * BANDS + BOTTOM);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, 12);
    cairo_set_source_rgb(cr, 0.2, 0.2, 0.2);
    cairo_move_to(cr, LEFT, 20);
    cairo_show_text(cr, d->path);
    const int channels = d->series.channels < 8 ? d->series.channels : 8;
    for (int k = 0; k < channels; k++)
        draw_channel(cr, &d->series, k, TOP + (double)WAVE * k / channels, (double)WAVE / channels);
    draw_times(cr, d, TOP + WAVE + 20);
    draw_spectrogram(cr, d, TOP + WAVE + GAP, arena);
    draw_times(cr, d, TOP + WAVE + GAP + BAND * BANDS + 20);
    cairo_destroy(cr);
    const mdg_status status = save(surface, path, diag);
    cairo_surface_destroy(surface);
    return status;
}
