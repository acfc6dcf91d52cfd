/* SPDX-License-Identifier: MIT */
#include "report/parts.h"

#include <math.h>

/* The plotting area inside the picture, in SVG units. */
enum { WIDTH = 520, HEIGHT = 250, LEFT = 46, RIGHT = 508, TOP = 12, BOTTOM = 218 };

typedef struct axis {
    double lo, hi, step;
} axis;

/* 1, 2 or 5 times a power of ten, so that the range has at most n steps. */
static double nice_step(double range, int n) {
    const double rough = range / n, power = pow(10.0, floor(log10(rough)));
    const double digit = rough / power;
    return (digit <= 1.0 ? 1.0 : digit <= 2.0 ? 2.0 : digit <= 5.0 ? 5.0 : 10.0) * power;
}

static void widen(axis *a, float y) {
    if (!isfinite(y)) return;
    a->lo = fmin(a->lo, (double)y);
    a->hi = fmax(a->hi, (double)y);
}

static axis vertical_axis(const mdg_report *r, const mdg_report_curve *c) {
    axis a = {.lo = INFINITY, .hi = -INFINITY};
    for (int i = 0; i < r->n_epochs; i++) {
        widen(&a, c->train(&r->epochs[i]));
        widen(&a, c->validation(&r->epochs[i]));
    }
    if (a.lo > a.hi) a = (axis){.lo = 0.0, .hi = 1.0};
    if (c->percent)
        a.hi = 1.0;
    else
        a.lo = fmin(a.lo, 0.0);
    if (a.hi - a.lo < 1e-6) a.lo = a.hi - 1.0;
    a.step = nice_step(a.hi - a.lo, 5);
    a.lo = floor(a.lo / a.step + 1e-9) * a.step;
    a.hi = ceil(a.hi / a.step - 1e-9) * a.step;
    return a;
}

static double place_y(const axis *a, double y) {
    return BOTTOM - (BOTTOM - TOP) * (y - a->lo) / (a->hi - a->lo);
}

static double place_x(const mdg_report *r, int epoch) {
    return r->n_epochs > 1 ? LEFT + (double)(RIGHT - LEFT) * epoch / (r->n_epochs - 1) : (LEFT + RIGHT) / 2.0;
}

static void draw_vertical_axis(FILE *out, const axis *a, bool percent) {
    const int decimals = a->step >= 1.0 ? 0 : (int)ceil(-log10(a->step) - 1e-9);
    const int steps = (int)lround((a->hi - a->lo) / a->step);
    for (int i = 0; i <= steps; i++) {
        const double value = a->lo + i * a->step, y = place_y(a, value);
        fprintf(out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, RIGHT, y, y);
        fprintf(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">", LEFT - 7, y + 4.0);
        if (percent)
            fprintf(out, "%.*f %%</text>", decimals > 2 ? decimals - 2 : 0, 100.0 * value);
        else
            fprintf(out, "%.*f</text>", decimals, value);
    }
}

/* Epochs are counted from 1 for people. */
static void draw_epochs(FILE *out, const mdg_report *r) {
    const double rough = r->n_epochs > 1 ? nice_step(r->n_epochs - 1, 6) : 1.0;
    const int step = rough < 1.0 ? 1 : (int)rough;
    for (int epoch = 1; epoch <= r->n_epochs; epoch += epoch == 1 && step > 1 ? step - 1 : step)
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d</text>", place_x(r, epoch - 1),
                BOTTOM + 17, epoch);
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">epoch</text>", RIGHT, HEIGHT - 1);
}

static void draw_line(FILE *out, const mdg_report *r, const axis *a, float (*value)(const mdg_report_epoch *),
                      const char *css) {
    bool pen_down = false;
    fprintf(out, "<path class=\"line %s\" d=\"", css);
    for (int i = 0; i < r->n_epochs; i++) {
        const float y = value(&r->epochs[i]);
        if (isfinite(y))
            fprintf(out, "%c%.1f %.1f", pen_down ? 'L' : 'M', place_x(r, i), place_y(a, (double)y));
        pen_down = isfinite(y);
    }
    fprintf(out, "\"/>");
}

/* The epoch whose weights were kept: a line, and a dot on the validation curve with its value. */
static void draw_best(FILE *out, const mdg_report *r, const axis *a, const mdg_report_curve *c) {
    if (r->best_epoch < 0 || r->best_epoch >= r->n_epochs) return;
    const double x = place_x(r, r->best_epoch);
    const float value = c->validation(&r->epochs[r->best_epoch]);
    fprintf(out, "<line class=\"best\" x1=\"%.1f\" x2=\"%.1f\" y1=\"%d\" y2=\"%d\"/>", x, x, TOP, BOTTOM);
    if (isfinite(value))
        fprintf(out, "<circle class=\"dot second\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.5\"/>", x,
                place_y(a, (double)value));
}

void mdg_report_line_chart(FILE *out, const mdg_report *r, const mdg_report_curve *curve) {
    const axis a = vertical_axis(r, curve);
    fprintf(out, "<div><h3>%s</h3><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s over the epochs\">",
            curve->title, WIDTH, HEIGHT, curve->title);
    draw_vertical_axis(out, &a, curve->percent);
    draw_epochs(out, r);
    draw_line(out, r, &a, curve->train, "first");
    draw_line(out, r, &a, curve->validation, "second");
    draw_best(out, r, &a, curve);
    fprintf(out, "</svg></div>\n");
}
