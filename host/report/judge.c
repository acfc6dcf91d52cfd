/* SPDX-License-Identifier: MIT
 *
 * judge.c: whether scores can be trusted, who is understood badly, and which clips went wrong.
 */
#include <ctype.h>
#include <string.h>

#include "report/parts.h"

/* The plotting area of both pictures, in SVG units. */
enum { WIDTH = 300, HEIGHT = 290, LEFT = 46, RIGHT = 290, TOP = 10, BOTTOM = 254, MOST_GROUPS = 40 };

static double place_x(double score) {
    return LEFT + (RIGHT - LEFT) * score;
}

static double place_y(double accuracy) {
    return BOTTOM - (BOTTOM - TOP) * accuracy;
}

static void open_picture(FILE *out, const char *what, const char *axis) {
    fprintf(out,
            "<div><h3>%s</h3><svg viewBox=\"0 0 %d %d\" style=\"max-width:24rem\" role=\"img\" "
            "aria-label=\"%s\">",
            what, WIDTH, HEIGHT, what);
    for (int i = 0; i <= 5; i++) {
        const double y = place_y(i / 5.0);
        fprintf(out, "<line class=\"grid\" x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\"/>", LEFT, RIGHT, y, y);
        fprintf(out, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%d %%</text>", LEFT - 7, y + 4, 20 * i);
        fprintf(out, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%d %%</text>", place_x(i / 5.0),
                BOTTOM + 17, 20 * i);
    }
    fprintf(out, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", RIGHT, HEIGHT - 1, axis);
}

/* One bar for each tenth of the scores, as high as they are right; strong where many clips are. */
static void draw_reliability(FILE *out, const mdg_report_calibration *c) {
    open_picture(out, "Right, by score", "score");
    for (int b = 0; b < MDG_REPORT_BINS; b++) {
        const mdg_report_bin *bin = &c->bins[b];
        if (!bin->n) continue;
        const double x = place_x((double)b / MDG_REPORT_BINS), y = place_y((double)bin->accuracy);
        fprintf(out,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"2\" "
                "style=\"fill:var(--first);opacity:%.2f\"><title>%d clips, score %.1f %%, right %.1f "
                "%%</title></rect>",
                x + 1.5, y, (double)(RIGHT - LEFT) / MDG_REPORT_BINS - 3, BOTTOM - y,
                0.3 + 0.7 * bin->n / c->n, bin->n, 100 * (double)bin->score, 100 * (double)bin->accuracy);
    }
    fprintf(out, "<line class=\"best\" x1=\"%d\" x2=\"%d\" y1=\"%d\" y2=\"%d\"/></svg></div>", LEFT, RIGHT,
            BOTTOM, TOP);
}

/* A line for each class. */
static void draw_roc(FILE *out, const mdg_report *r) {
    if (!r->roc) return;
    open_picture(out, "ROC: found, by false positives", "false positives");
    for (int c = 0; c < r->n_classes; c++) {
        if (!(r->classes[c].auc > 0)) continue;
        fprintf(out, "<path class=\"line first\" style=\"opacity:.5\" d=\"M%d %d", LEFT, BOTTOM);
        for (int k = 0; k < MDG_REPORT_ROC; k++)
            fprintf(out, "L%.1f %.1f", place_x((double)k / (MDG_REPORT_ROC - 1)),
                    place_y((double)r->roc[c * MDG_REPORT_ROC + k]));
        fprintf(out, "\"><title>");
        mdg_report_text(out, r->classes[c].label);
        fprintf(out, ": AUC %.3f</title></path>", (double)r->classes[c].auc);
    }
    fprintf(out, "</svg></div>");
}

static void write_reliability(FILE *out, const mdg_report *r) {
    const mdg_report_calibration *c = &r->calibration;
    if (!c->n) return;
    fprintf(out, "<section><h2>Can scores be trusted?</h2><div class=\"two\">");
    draw_reliability(out, c);
    draw_roc(out, r);
    fprintf(out, "<div class=\"scroll\" style=\"font-size:.85rem\"><table><thead><tr><th>scores</th><th>test "
                 "clips</th><th>mean "
                 "score</th><th>right</th></tr></thead><tbody>\n");
    for (int b = 0; b < MDG_REPORT_BINS; b++) {
        const mdg_report_bin *bin = &c->bins[b];
        if (!bin->n) continue;
        fprintf(out, "<tr><td>%d to %d %%</td><td>%d</td><td>%.1f %%</td><td>%.1f %%</td></tr>\n",
                100 * b / MDG_REPORT_BINS, 100 * (b + 1) / MDG_REPORT_BINS, bin->n, 100 * (double)bin->score,
                100 * (double)bin->accuracy);
    }
    fprintf(
        out,
        "</tbody></table></div></div><p class=\"key\">expected calibration error %.1f %%; on the dashed "
        "line a score says how often it is right, below it the model is too sure of itself</p></section>\n",
        100 * (double)c->error);
}

static void write_groups(FILE *out, const mdg_report *r) {
    if (r->n_groups < 2) return;
    fprintf(out, "<section><h2>Accuracy by group</h2><div class=\"bars\">\n");
    for (int i = 0; i < r->n_groups && i < MOST_GROUPS; i++) {
        const mdg_report_group *g = &r->groups[i];
        const double share = g->n ? (double)g->n_correct / g->n : 0;
        char size[64];
        snprintf(size, sizeof size, "%.1f %% (%d of %d)", 100 * share, g->n_correct, g->n);
        mdg_report_bar(out, g->name[0] ? g->name : "(none)", share, size);
    }
    fprintf(out, "</div>");
    if (r->n_groups > MOST_GROUPS)
        fprintf(out, "<p class=\"key\">%d more in eval.json</p>", r->n_groups - MOST_GROUPS);
    fprintf(out, "</section>\n");
}

/* A path as a URL. */
static void write_url(FILE *out, const char *path) {
    for (const unsigned char *c = (const unsigned char *)path; *c; c++)
        fprintf(out, isalnum(*c) || strchr("-._~/", *c) ? "%c" : "%%%02X", *c);
}

static void write_miss(FILE *out, const mdg_report_miss *m) {
    fprintf(out, "<tr><td>");
    mdg_report_text(out, m->label);
    fprintf(out, "</td><td class=\"l\">");
    mdg_report_text(out, m->predicted);
    fprintf(out, "</td><td>%.1f %%</td><td class=\"l\">", 100 * (double)m->score);
    if (m->link) {
        fprintf(out, "<a href=\"");
        write_url(out, m->link);
        fprintf(out, "\">");
    }
    mdg_report_text(out, m->name);
    fprintf(out, "%s</td></tr>\n", m->link ? "</a>" : "");
}

static void write_misses(FILE *out, const mdg_report *r) {
    if (!r->n_misses) return;
    fprintf(out, "<section><h2>The most confident mistakes</h2><div class=\"scroll\"><table><thead><tr>"
                 "<th>true</th><th class=\"l\">predicted</th><th>score</th><th class=\"l\">clip</th></tr>"
                 "</thead><tbody>\n");
    for (int i = 0; i < r->n_misses; i++) write_miss(out, &r->misses[i]);
    fprintf(out, "</tbody></table></div></section>\n");
}

void mdg_report_judgement(FILE *out, const mdg_report *r) {
    write_reliability(out, r);
    write_groups(out, r);
    write_misses(out, r);
}
