/* SPDX-License-Identifier: MIT
 *
 * Scenes side by side: what was found right is ringed in green, another kind in orange, what is not there in
 * red; what was missed has a blue box.
 */
#include <math.h>

#include "report/parts.h"
#include "util/file.h"

enum { COLUMNS = 4, SIDE = 220, GAP = 8, RADIUS = 7, FONT_SIZE = 11 };

static const double colours[][3] = {[MDG_MARK_RIGHT] = {0.3, 0.9, 0.35},
                                    [MDG_MARK_OTHER_KIND] = {1, 0.65, 0.1},
                                    [MDG_MARK_NOTHING] = {1, 0.25, 0.25},
                                    [MDG_MARK_MISSED] = {0.45, 0.7, 1}};

/* Of a pixel of the scene, as large as SIDE allows */
static double zoom_of(const mdg_report_scene *s) {
    return (double)SIDE / (s->w > s->h ? s->w : s->h);
}

static cairo_surface_t *surface_of(const mdg_report_scene *s) {
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, s->w, s->h);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS) return surface;
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(surface);
    const int stride = cairo_image_surface_get_stride(surface) / 4;
    for (int y = 0; y < s->h; y++)
        for (int x = 0; x < s->w; x++) {
            const int16_t *p = s->pixels + (y * s->w + x) * s->channels;
            uint32_t rgb = 0;
            for (int c = 0; c < 3; c++) rgb = rgb << 8 | (uint32_t)(p[s->channels == 3 ? c : 0] & 0xff);
            pixels[y * stride + x] = rgb;
        }
    cairo_surface_mark_dirty(surface);
    return surface;
}

/* Text in the mark's colour, legible on any ground, within the scene */
static void write_label(cairo_t *cr, const mdg_report_mark *m, double x, double y, double width) {
    cairo_text_extents_t size;
    cairo_text_extents(cr, m->label, &size);
    const double left = fmin(fmax(x - size.x_advance / 2, 1), width - size.x_advance - 1);
    const double base = y < 2 * FONT_SIZE + RADIUS ? y + RADIUS + FONT_SIZE : y - RADIUS - 3;
    cairo_set_source_rgba(cr, 0, 0, 0, 0.6);
    cairo_rectangle(cr, left - 2, base - FONT_SIZE + 1, size.x_advance + 4, FONT_SIZE + 2);
    cairo_fill(cr);
    cairo_set_source_rgb(cr, colours[m->kind][0], colours[m->kind][1], colours[m->kind][2]);
    cairo_move_to(cr, left, base);
    cairo_show_text(cr, m->label);
}

static void draw_mark(cairo_t *cr, const mdg_report_mark *m, double zoom, double width) {
    const double x = (double)m->x * zoom, y = (double)m->y * zoom;
    cairo_new_path(cr);
    cairo_set_source_rgb(cr, colours[m->kind][0], colours[m->kind][1], colours[m->kind][2]);
    if (m->kind == MDG_MARK_MISSED)
        cairo_rectangle(cr, x - RADIUS, y - RADIUS, 2 * RADIUS, 2 * RADIUS);
    else
        cairo_arc(cr, x, y, RADIUS, 0, 6.2831853);
    cairo_set_line_width(cr, 2);
    cairo_stroke(cr);
    write_label(cr, m, x, y, width);
}

static void draw_scene(cairo_t *cr, const mdg_report_scene *s) {
    const double zoom = zoom_of(s);
    cairo_surface_t *picture = surface_of(s);
    cairo_save(cr);
    cairo_scale(cr, zoom, zoom);
    cairo_set_source_surface(cr, picture, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(picture);
    for (int i = 0; i < s->n_marks; i++) draw_mark(cr, &s->marks[i], zoom, zoom * s->w);
}

static cairo_surface_t *draw(const mdg_report_scene *scenes, int n) {
    const double zoom = zoom_of(&scenes[0]);
    const int w = (int)(zoom * scenes[0].w) + GAP, h = (int)(zoom * scenes[0].h) + GAP;
    const int columns = n < COLUMNS ? n : COLUMNS, rows = (n + COLUMNS - 1) / COLUMNS;
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, columns * w - GAP, rows * h - GAP);
    cairo_t *cr = cairo_create(surface);
    cairo_set_source_rgb(cr, 1, 1, 1);
    cairo_paint(cr);
    cairo_select_font_face(cr, "sans-serif", CAIRO_FONT_SLANT_NORMAL, CAIRO_FONT_WEIGHT_NORMAL);
    cairo_set_font_size(cr, FONT_SIZE);
    for (int i = 0; i < n; i++) {
        cairo_save(cr);
        cairo_translate(cr, i % COLUMNS * w, i / COLUMNS * h);
        draw_scene(cr, &scenes[i]);
        cairo_restore(cr);
    }
    cairo_destroy(cr);
    return surface;
}

mdg_status mdg_report_scenes(FILE *out, const mdg_report *r) {
    if (!r->n_scenes) return MDG_OK;
    fprintf(
        out,
        "<section><h2>Scenes</h2>\n<img style=\"max-width:100%%\" alt=\"test scenes and what was found in "
        "them\" src=\"");
    cairo_surface_t *surface = draw(r->scenes, r->n_scenes);
    const mdg_status status = mdg_report_inline_png(out, surface);
    cairo_surface_destroy(surface);
    fprintf(out, "\">\n<p class=\"key\">green: found, and of its kind; orange: taken for another kind; red: "
                 "nothing is "
                 "there; blue boxes: not found</p></section>\n");
    return status;
}

mdg_status mdg_report_scenes_save(const mdg_report_scene *scenes, int n, const char *path, mdg_diag *diag) {
    mdg_writer w;
    if (n == 0) return MDG_OK;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    cairo_surface_t *surface = draw(scenes, n);
    const cairo_status_t status = cairo_surface_write_to_png_stream(surface, mdg_report_put, w.stream);
    cairo_surface_destroy(surface);
    if (status == CAIRO_STATUS_SUCCESS) return mdg_writer_close(&w, diag);
    mdg_writer_discard(&w);
    return mdg_fail(diag, MDG_IO, "%s: cannot be written: %s", path, cairo_status_to_string(status));
}
