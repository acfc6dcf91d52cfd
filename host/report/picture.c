/* SPDX-License-Identifier: MIT */
#include "report/picture.h"

#include <cairo.h>
#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "util/file.h"

enum { LEFT = 74, RIGHT = 16, HEAD = 24, TITLE = 16, GAP = 8, FOOT = 26, FONT_SIZE = 11, MAX_SIDE = 30000 };

typedef struct canvas {
    const mdg_picture *p;
    cairo_surface_t *surface;
    cairo_t *cr;
} canvas;

typedef struct range {
    float lo, hi;
} range;

static int panel_space(const mdg_panel *panel) {
    return (panel->title ? TITLE : 0) + panel->height + GAP;
}

static int picture_height(const mdg_picture *p) {
    int64_t height = HEAD + FOOT;
    for (int i = 0; i < p->n_panels; i++) height += panel_space(&p->panels[i]);
    return height > MAX_SIDE ? 0 : (int)height;
}

/* ==== Text ==== */

typedef enum alignment { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT } alignment;

/* The text's middle is at height y. */
static void draw_text(const canvas *c, double x, double y, alignment align, const char *text) {
    cairo_text_extents_t size;
    cairo_text_extents(c->cr, text, &size);
    cairo_move_to(c->cr, x - size.x_advance * (int)align / 2, y + 0.35 * FONT_SIZE);
    cairo_show_text(c->cr, text);
}

/* A short line at the left edge, and what it stands for */
static void draw_tick(const canvas *c, double y, const char *text) {
    cairo_rectangle(c->cr, LEFT - 4, floor(y), 4, 1);
    cairo_fill(c->cr);
    draw_text(c, LEFT - 7, y, ALIGN_RIGHT, text);
}

double mdg_report_step(double span, int wanted) {
    const double rough = span / wanted, power = pow(10, floor(log10(rough)));
    const double share = rough / power;
    return power * (share <= 1 ? 1 : share <= 2 ? 2 : share <= 5 ? 5 : 10);
}

/* ==== Axes ==== */

static double mel_of(double hz) {
    return log(1.0 + hz / 700.0);
}

static double frequency_place(const mdg_panel *panel, double hz) {
    if (!panel->mel) return (hz - panel->lo_hz) / (panel->hi_hz - panel->lo_hz);
    return (mel_of(hz) - mel_of(panel->lo_hz)) / (mel_of(panel->hi_hz) - mel_of(panel->lo_hz));
}

static void draw_frequency(const canvas *c, const mdg_panel *panel, double top, double hz) {
    char text[32];
    if (hz >= 1000)
        snprintf(text, sizeof text, "%g kHz", hz / 1000);
    else
        snprintf(text, sizeof text, "%g Hz", hz);
    draw_tick(c, top + panel->height * (1 - frequency_place(panel, hz)), text);
}

/* Mel: octaves; else even steps. */
static void draw_frequencies(const canvas *c, const mdg_panel *panel, double top) {
    const double step = mdg_report_step(panel->hi_hz - panel->lo_hz, 5);
    if (panel->mel)
        for (double hz = 62.5; hz <= panel->hi_hz; hz *= 2) {
            if (hz >= panel->lo_hz && hz >= 250) draw_frequency(c, panel, top, hz);
        }
    else
        for (double hz = ceil(panel->lo_hz / step) * step; hz <= panel->hi_hz; hz += step)
            draw_frequency(c, panel, top, hz);
}

static void draw_numbers(const canvas *c, const mdg_panel *panel, double top) {
    const int step = panel->n <= 1 ? 1 : (int)fmax(1, mdg_report_step(panel->n, 6));
    for (int k = 0; k < panel->n; k += step) {
        char text[16];
        snprintf(text, sizeof text, "%d", k);
        draw_tick(c, top + panel->height * (1 - (k + 0.5) / panel->n), text);
    }
}

static void draw_names(const canvas *c, const mdg_panel *panel, double top) {
    for (int k = 0; k < panel->n; k++)
        draw_text(c, LEFT - 7, top + panel->height * (1 - (k + 0.5) / panel->n), ALIGN_RIGHT,
                  panel->names[k]);
}

static void draw_time(const canvas *c, double top) {
    const mdg_picture *p = c->p;
    const double span = p->seconds > 0 ? p->seconds : p->frames, step = mdg_report_step(span, 8);
    for (double t = 0; t <= span * 1.0001; t += step) {
        char text[32];
        const double x = LEFT + p->plot_width * t / span;
        snprintf(text, sizeof text, p->seconds > 0 ? "%g s" : "%g", t);
        cairo_rectangle(c->cr, floor(x), top, 1, 4);
        cairo_fill(c->cr);
        draw_text(c, x, top + 12, ALIGN_MIDDLE, text);
    }
}

/* ==== Panels ==== */

/* The frames that share pixel x: [from, to) */
static void frames_at(const mdg_picture *p, int x, int64_t *from, int64_t *to) {
    *from = (int64_t)x * p->frames / p->plot_width;
    *to = (int64_t)(x + 1) * p->frames / p->plot_width;
    if (*to <= *from) *to = *from + 1;
}

static float mean_at(const mdg_picture *p, int x, int column) {
    int64_t from, to;
    double sum = 0;
    frames_at(p, x, &from, &to);
    for (int64_t t = from; t < to; t++) sum += p->values[t * p->width + column];
    return (float)(sum / (double)(to - from));
}

static void extend(range *r, float value) {
    r->lo = fminf(r->lo, value);
    r->hi = fmaxf(r->hi, value);
}

static range range_at(const mdg_picture *p, int x, int column) {
    int64_t from, to;
    range r = {INFINITY, -INFINITY};
    frames_at(p, x, &from, &to);
    for (int64_t t = from; t < to; t++) extend(&r, p->values[t * p->width + column]);
    return r;
}

static range range_of(const mdg_picture *p, int first, int n) {
    range r = {INFINITY, -INFINITY};
    for (int t = 0; t < p->frames; t++)
        for (int k = first; k < first + n; k++) extend(&r, p->values[(int64_t)t * p->width + k]);
    return r;
}

static float level_of(range r, float value) {
    return r.hi > r.lo ? (value - r.lo) / (r.hi - r.lo) : 0.0f;
}

/* One column of the features as a stripe across the panel */
static void paint_stripe(const canvas *c, const mdg_panel *panel, int top, int k, range r) {
    const int stride = cairo_image_surface_get_stride(c->surface) / 4;
    const int y0 = top + panel->height * (panel->n - 1 - k) / panel->n;
    const int y1 = top + panel->height * (panel->n - k) / panel->n;
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(c->surface);
    for (int x = 0; x < c->p->plot_width; x++) {
        const uint32_t colour = mdg_report_colour(level_of(r, mean_at(c->p, x, panel->first + k)));
        for (int y = y0; y < y1; y++) pixels[y * stride + LEFT + x] = colour;
    }
}

static void paint(const canvas *c, const mdg_panel *panel, int top) {
    const range all = range_of(c->p, panel->first, panel->n);
    cairo_surface_flush(c->surface);
    for (int k = 0; k < panel->n; k++) {
        const bool own = panel->kind == MDG_PANEL_ROWS;
        paint_stripe(c, panel, top, k, own ? range_of(c->p, panel->first + k, 1) : all);
    }
    cairo_surface_mark_dirty(c->surface);
}

static void draw_line(const canvas *c, const mdg_panel *panel, int top) {
    const range r = range_of(c->p, panel->first, 1);
    const uint32_t colour = mdg_report_colour(0.45f);
    char text[16];
    cairo_set_source_rgb(c->cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0,
                         (colour & 255) / 255.0);
    cairo_new_path(c->cr);
    for (int x = 0; x < c->p->plot_width; x++) {
        const range here = range_at(c->p, x, panel->first);
        const double from = (double)level_of(r, here.lo), to = (double)level_of(r, here.hi);
        cairo_line_to(c->cr, LEFT + x + 0.5, top + 1 + (panel->height - 2) * (1 - from));
        cairo_line_to(c->cr, LEFT + x + 0.5, top + 1 + (panel->height - 2) * (1 - to));
    }
    cairo_stroke(c->cr);
    cairo_set_source_rgb(c->cr, 0.2, 0.2, 0.2);
    snprintf(text, sizeof text, "%g", (double)r.hi);
    draw_tick(c, top, text);
    snprintf(text, sizeof text, "%g", (double)r.lo);
    if (r.lo < r.hi) draw_tick(c, top + panel->height - 1, text);
}

static void draw_panel(const canvas *c, const mdg_panel *panel, int top) {
    if (panel->title) draw_text(c, LEFT, top + TITLE / 2.0, ALIGN_LEFT, panel->title);
    if (panel->title) top += TITLE;
    if (panel->kind == MDG_PANEL_LINE) {
        draw_line(c, panel, top);
        return;
    }
    paint(c, panel, top);
    if (panel->names)
        draw_names(c, panel, top);
    else if (panel->hi_hz > panel->lo_hz)
        draw_frequencies(c, panel, top);
    else
        draw_numbers(c, panel, top);
}

static void draw(const canvas *c) {
    int top = HEAD;
    cairo_set_source_rgb(c->cr, 1, 1, 1);
    cairo_paint(c->cr);
    cairo_set_source_rgb(c->cr, 0.2, 0.2, 0.2);
    cairo_set_line_width(c->cr, 1);
    cairo_select_font_face(c->cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(c->cr, FONT_SIZE);
    draw_text(c, LEFT, HEAD / 2.0, ALIGN_LEFT, c->p->title);
    for (int i = 0; i < c->p->n_panels; i++) {
        draw_panel(c, &c->p->panels[i], top);
        top += panel_space(&c->p->panels[i]);
    }
    draw_time(c, top - GAP + 2);
}

/* ==== The file ==== */

cairo_status_t mdg_report_put(void *stream, const unsigned char *data, unsigned length) {
    return fwrite(data, 1, length, stream) == length ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_WRITE_ERROR;
}

mdg_status mdg_picture_write(const mdg_picture *p, const char *path, mdg_diag *diag) {
    mdg_writer w;
    const int height = picture_height(p);
    if (!height)
        return mdg_fail(diag, MDG_INVALID, "%s: %d panels are more than a picture can hold", path,
                        p->n_panels);
    MDG_TRY(mdg_writer_open(&w, path, diag));
    canvas c = {.p = p};
    c.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, LEFT + p->plot_width + RIGHT, height);
    c.cr = cairo_create(c.surface);
    draw(&c);
    cairo_status_t status = cairo_status(c.cr);
    cairo_destroy(c.cr);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png_stream(c.surface, mdg_report_put, w.stream);
    cairo_surface_destroy(c.surface);
    if (status == CAIRO_STATUS_SUCCESS) return mdg_writer_close(&w, diag);
    mdg_writer_discard(&w);
    return mdg_fail(diag, MDG_IO, "%s: %s", path, cairo_status_to_string(status));
}
