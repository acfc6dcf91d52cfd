/* SPDX-License-Identifier: MIT */
#include "view/parts.h"
#include "view/view.h"

enum { WIDTH = 640, TOP = 76, ROW = 30, BAR_X = 120, BAR_WIDTH = 360, BAR_HEIGHT = 18 };

static void print_share(const mdg_view_share *s, double total, const char *unit, int row, FILE *out) {
    const int y = TOP + row * ROW;
    const double width = total > 0 ? BAR_WIDTH * s->value / total : 0;
    fprintf(out, "<text class=\"right\" x=\"%d\" y=\"%d\">", BAR_X - 8, y + 13);
    mdg_view_escape(s->name, out);
    fprintf(out,
            "</text><rect class=\"io\" x=\"%d\" y=\"%d\" width=\"%.1f\" height=\"%d\"/><text x=\"%.1f\" "
            "y=\"%d\">%.4g %s</text><text class=\"muted right\" x=\"%d\" y=\"%d\">%.1f %%</text>\n",
            BAR_X, y, width, BAR_HEIGHT, BAR_X + width + 8, y + 13, s->value, unit, WIDTH - 20, y + 13,
            total > 0 ? 100 * s->value / total : 0);
}

void mdg_view_shares(const char *title, const char *note, const char *unit, const mdg_view_share *shares,
                     int n, FILE *out) {
    const int height = TOP + n * ROW + 14;
    double total = 0;
    for (int i = 0; i < n; i++) total += shares[i].value;
    fprintf(out,
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">\n"
            "<style>\n%s</style>\n<rect class=\"page\" width=\"100%%\" height=\"100%%\"/>\n"
            "<text class=\"title\" x=\"20\" y=\"30\">",
            WIDTH, height, WIDTH, height, mdg_view_style);
    mdg_view_escape(title, out);
    fputs("</text>\n<text class=\"muted\" x=\"20\" y=\"50\">", out);
    mdg_view_escape(note, out);
    fputs("</text>\n", out);
    for (int i = 0; i < n; i++) print_share(&shares[i], total, unit, i, out);
    fputs("</svg>\n", out);
}
