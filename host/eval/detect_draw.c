/* SPDX-License-Identifier: MIT
 *
 * The detection error trade-off as a picture. False accepts run on a logarithmic axis; what is below its left
 * end (0 among them) is drawn there.
 */
#include "eval/detect.h"

#include <math.h>

enum { WIDTH = 560, HEIGHT = 380, LEFT = 60, TOP = 24, RIGHT = 20, BOTTOM = 52 };

static const double lowest = 0.1, highest = 1000; /* false accepts an hour */

static double x_of(double false_per_hour) {
    const double v = fmin(fmax(false_per_hour, lowest), highest);
    return LEFT + (WIDTH - LEFT - RIGHT) * log(v / lowest) / log(highest / lowest);
}

static double y_of(double misses) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (1 - misses);
}

static void draw_grid(FILE *out) {
    for (double v = lowest; v <= highest * 1.01; v *= 10)
        fprintf(out,
                "<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%d\" class=\"grid\"/>"
                "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%g</text>\n",
                x_of(v), TOP, x_of(v), HEIGHT - BOTTOM, x_of(v), HEIGHT - BOTTOM + 18, v);
    for (int percent = 0; percent <= 100; percent += 20)
        fprintf(out,
                "<line x1=\"%d\" y1=\"%.1f\" x2=\"%d\" y2=\"%.1f\" class=\"grid\"/>"
                "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>\n",
                LEFT, y_of(percent / 100.0), WIDTH - RIGHT, y_of(percent / 100.0), LEFT - 8,
                y_of(percent / 100.0) + 4, percent);
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\">false accepts an hour</text>\n",
            (LEFT + WIDTH - RIGHT) / 2, HEIGHT - 10);
    fprintf(out, "<text x=\"%d\" y=\"%d\">misses</text>\n", 8, TOP - 8);
}

/* From the highest threshold down, those that miss less than all before: what is worth choosing. */
static void draw_front(const mdg_detect_point *points, FILE *out) {
    double least = 1;
    for (int i = MDG_DETECT_THRESHOLDS - 1; i >= 0; i--) {
        if (points[i].misses >= least) continue;
        least = points[i].misses;
        fprintf(out, "%.1f,%.1f ", x_of(points[i].false_per_hour), y_of(points[i].misses));
    }
}

void mdg_detect_draw(const mdg_detect_point *points, const mdg_detect_point *chosen, FILE *out) {
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" width=\"%d\" height=\"%d\" "
            "font-family=\"sans-serif\" font-size=\"12\">\n"
            "<style>svg{background:#fff;color:#222}text{fill:#444}.grid{stroke:#ddd}"
            ".curve{fill:none;stroke:#1668b8;stroke-width:2}.chosen{fill:#c33}"
            "@media(prefers-color-scheme:dark){svg{background:#16181c}text{fill:#bbb}.grid{stroke:#333}"
            ".curve{stroke:#6ab0f3}}</style>\n",
            WIDTH, HEIGHT, WIDTH, HEIGHT);
    draw_grid(out);
    fputs("<polyline class=\"curve\" points=\"", out);
    draw_front(points, out);
    fputs("\"/>\n", out);
    if (chosen)
        fprintf(out,
                "<circle class=\"chosen\" cx=\"%.1f\" cy=\"%.1f\" r=\"5\"/>"
                "<text x=\"%.1f\" y=\"%.1f\">threshold %d</text>\n",
                x_of(chosen->false_per_hour), y_of(chosen->misses), x_of(chosen->false_per_hour) + 9,
                y_of(chosen->misses) - 7, chosen->threshold);
    fputs("</svg>\n", out);
}
