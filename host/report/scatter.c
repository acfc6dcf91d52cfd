/* SPDX-License-Identifier: MIT */
#include "report/scatter.h"

#include <cairo-svg.h>
#include <cairo.h>
#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "util/file.h"

enum { WIDTH = 640, HEIGHT = 400, LEFT = 56, RIGHT = 24, TOP = 30, BOTTOM = 44, FONT = 11 };

/* What the edges of the plot stand for; x as logarithms */
typedef struct plot {
    cairo_t *cr;
    double x0, x1, y0, y1;
} plot;

static double place_x(const plot *p, double x) {
    return LEFT + (WIDTH - LEFT - RIGHT) * (log10(x) - p->x0) / (p->x1 - p->x0);
}

static double place_y(const plot *p, double y) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * (y - p->y0) / (p->y1 - p->y0);
}

/* Some room around the points */
static void set_range(const mdg_scatter *s, plot *p) {
    double lo_x = INFINITY, hi_x = -INFINITY, lo_y = INFINITY, hi_y = -INFINITY;
    for (int i = 0; i < s->n; i++) {
        lo_x = fmin(lo_x, log10(s->points[i].x)), hi_x = fmax(hi_x, log10(s->points[i].x));
        lo_y = fmin(lo_y, s->points[i].y), hi_y = fmax(hi_y, s->points[i].y);
    }
    if (s->n == 0) lo_x = lo_y = 0, hi_x = hi_y = 1;
    const double more_x = 0.05 * (hi_x - lo_x) + 0.02, more_y = 0.07 * (hi_y - lo_y) + 0.1;
    p->x0 = lo_x - more_x, p->x1 = hi_x + more_x;
    p->y0 = lo_y - more_y, p->y1 = hi_y + more_y;
}

static void set_colour(cairo_t *cr, uint32_t rgb) {
    cairo_set_source_rgb(cr, (rgb >> 16 & 255) / 255.0, (rgb >> 8 & 255) / 255.0, (rgb & 255) / 255.0);
}

/* share of the text's width to the left of x: 0, 0.5, 1 */
static void draw_text(cairo_t *cr, double x, double y, double share, const char *text) {
    cairo_text_extents_t size;
    cairo_text_extents(cr, text, &size);
    cairo_move_to(cr, x - share * size.x_advance, y + 0.35 * FONT);
    cairo_show_text(cr, text);
}

static void draw_line(cairo_t *cr, double x0, double y0, double x1, double y1) {
    cairo_move_to(cr, x0, y0);
    cairo_line_to(cr, x1, y1);
    cairo_stroke(cr);
}

static void draw_x_tick(const plot *p, double x) {
    char text[32];
    if (log10(x) < p->x0 || log10(x) > p->x1) return;
    snprintf(text, sizeof text,
             x >= 1e6    ? "%g M"
             : x >= 1000 ? "%g k"
                         : "%g",
             x >= 1e6    ? x / 1e6
             : x >= 1000 ? x / 1000
                         : x);
    set_colour(p->cr, 0xe4e4e4);
    draw_line(p->cr, place_x(p, x), TOP, place_x(p, x), HEIGHT - BOTTOM);
    set_colour(p->cr, 0x404040);
    draw_text(p->cr, place_x(p, x), HEIGHT - BOTTOM + 11, 0.5, text);
}

static void draw_y_tick(const plot *p, double y) {
    char text[32];
    snprintf(text, sizeof text, "%g", y);
    set_colour(p->cr, 0xe4e4e4);
    draw_line(p->cr, LEFT, place_y(p, y), WIDTH - RIGHT, place_y(p, y));
    set_colour(p->cr, 0x404040);
    draw_text(p->cr, LEFT - 6, place_y(p, y), 1, text);
}

static void draw_axes(const plot *p, const mdg_scatter *s) {
    const double step = mdg_report_step(p->y1 - p->y0, 6);
    for (int power = (int)floor(p->x0); power <= (int)ceil(p->x1); power++)
        for (int i = 0; i < 3; i++) draw_x_tick(p, (i == 0 ? 1 : i == 1 ? 2 : 5) * pow(10, power));
    for (double k = ceil(p->y0 / step); k * step <= p->y1; k++) draw_y_tick(p, k * step);
    draw_text(p->cr, (LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, 0.5, s->x_name);
    draw_text(p->cr, 8, 12, 0, s->title);
    draw_text(p->cr, WIDTH - RIGHT, 12, 1, s->y_name);
}

static void draw_point(const plot *p, const mdg_scatter_point *at) {
    const double x = place_x(p, at->x), y = place_y(p, at->y);
    set_colour(p->cr, at->name ? 0xb03060 : at->is_faint ? 0xcccccc : 0x707070);
    cairo_arc(p->cr, x, y, at->name ? 4 : 2.5, 0, 6.2831853);
    cairo_fill(p->cr);
    if (at->name) draw_text(p->cr, x - 5, y - 9, 1, at->name);
}

/* A stair: below and to the right of it all is beaten. */
static void draw_front(const plot *p, const mdg_scatter *s) {
    const mdg_scatter_point *last = NULL;
    set_colour(p->cr, 0xb03060);
    for (int i = 0; i < s->n; i++) {
        const mdg_scatter_point *at = &s->points[i];
        if (!at->name) continue;
        if (last)
            draw_line(p->cr, place_x(p, last->x), place_y(p, last->y), place_x(p, at->x),
                      place_y(p, last->y));
        if (last)
            draw_line(p->cr, place_x(p, at->x), place_y(p, last->y), place_x(p, at->x), place_y(p, at->y));
        last = at;
    }
}

static void draw(cairo_t *cr, const mdg_scatter *s) {
    plot p = {.cr = cr};
    set_range(s, &p);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, FONT);
    cairo_set_line_width(cr, 1);
    draw_axes(&p, s);
    for (int i = 0; i < s->n; i++)
        if (!s->points[i].name) draw_point(&p, &s->points[i]);
    draw_front(&p, s);
    for (int i = 0; i < s->n; i++)
        if (s->points[i].name) draw_point(&p, &s->points[i]);
}

mdg_status mdg_scatter_write(const mdg_scatter *s, const char *path, mdg_diag *diag) {
    const size_t n = strlen(path);
    const bool is_svg = n > 4 && strcmp(path + n - 4, ".svg") == 0;
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    cairo_surface_t *surface =
        is_svg ? cairo_svg_surface_create_for_stream(mdg_report_put, w.stream, WIDTH, HEIGHT)
               : cairo_image_surface_create(CAIRO_FORMAT_RGB24, WIDTH, HEIGHT);
    cairo_t *cr = cairo_create(surface);
    draw(cr, s);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    if (status == CAIRO_STATUS_SUCCESS && !is_svg)
        status = cairo_surface_write_to_png_stream(surface, mdg_report_put, w.stream);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS) status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS) return mdg_writer_close(&w, diag);
    mdg_writer_discard(&w);
    return mdg_fail(diag, MDG_IO, "%s: %s", path, cairo_status_to_string(status));
}
