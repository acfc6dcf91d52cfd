/* SPDX-License-Identifier: MIT */
#include "report/report.h"

#include <math.h>
#include <string.h>

#include "report/parts.h"
#include "util/file.h"

static double percent(float part) {
    return 100.0 * (double)part;
}

static void write_head(FILE *out, const mdg_report *r) {
    fprintf(out, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                 "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n<title>");
    mdg_report_text(out, r->title);
    fprintf(out, "</title>\n<style>\n%s</style></head>\n<body><main>\n<h1>", mdg_report_style);
    mdg_report_text(out, r->title);
    fprintf(out, "</h1>\n<p class=\"sub\">");
    mdg_report_text(out, r->subtitle);
    fprintf(out, "</p>\n");
    for (int i = 0; i < r->n_notes; i++) {
        fprintf(out, "<p class=\"note\">");
        mdg_report_text(out, r->notes[i]);
        fprintf(out, "</p>\n");
    }
}

/* ==== Summary ==== */

static void open_tile(FILE *out, const char *what, const char *value) {
    fprintf(out, "<div class=\"tile\"><div class=\"what\">%s</div><div class=\"value\">%s</div>", what,
            value);
}

static void write_accuracy_tile(FILE *out, const mdg_report_accuracy *a) {
    char value[32];
    snprintf(value, sizeof value, "%.1f %%", percent(a->accuracy));
    open_tile(out, a->what ? a->what : "accuracy", value);
    fprintf(out, "<div class=\"more\">%d of %d right<br>", a->n_correct, a->n);
    mdg_report_text(out, a->name);
    fprintf(out, "</div></div>\n");
}

static void write_cycles(FILE *out, const mdg_report_cost *c) {
    fprintf(out, "about %s cycles", mdg_report_count(c->cycles).text);
    if (c->clock_hz)
        fprintf(out, ", %.3g ms at %.6g MHz", 1e3 * (double)c->cycles / (double)c->clock_hz,
                (double)c->clock_hz / 1e6);
    fprintf(out, "<br>");
}

static void write_instructions_tile(FILE *out, const mdg_report_cost *c) {
    open_tile(out, "instructions an inference", mdg_report_count(c->instructions).text);
    fprintf(out, "<div class=\"more\">");
    if (c->macs)
        fprintf(out, "%s multiply-accumulates, %.2f instructions each<br>", mdg_report_count(c->macs).text,
                (double)c->instructions / (double)c->macs);
    if (c->cycles) write_cycles(out, c);
    if (c->feature_instructions)
        fprintf(out, "+ %s a feature frame<br>", mdg_report_count(c->feature_instructions).text);
    mdg_report_text(out, c->target);
    fprintf(out, "</div></div>\n");
}

static void write_budget(FILE *out, size_t used, size_t budget) {
    if (!budget) return;
    const double share = 100.0 * (double)used / (double)budget;
    fprintf(out, "<div class=\"meter\"><i%s style=\"width:%.1f%%\"></i></div>",
            used > budget ? " class=\"over\"" : "", fmin(share, 100.0));
    fprintf(out, "<div class=\"more\">%.0f %% of the budget of %s</div>", share,
            mdg_report_bytes(budget).text);
}

static void write_cost_tiles(FILE *out, const mdg_report_cost *c) {
    const size_t ram = c->arena_bytes + c->state_bytes + c->stack_bytes,
                 flash = c->weights_bytes + c->code_bytes;
    if (c->instructions) write_instructions_tile(out, c);
    if (ram) {
        open_tile(out, "RAM", mdg_report_bytes(ram).text);
        write_budget(out, ram, c->budget_ram_bytes);
        fprintf(out, "<div class=\"more\">arena %s, state %s, stack %s</div></div>\n",
                mdg_report_bytes(c->arena_bytes).text, mdg_report_bytes(c->state_bytes).text,
                mdg_report_bytes(c->stack_bytes).text);
    }
    if (flash) {
        open_tile(out, "flash", mdg_report_bytes(flash).text);
        write_budget(out, flash, c->budget_flash_bytes);
        fprintf(out, "<div class=\"more\">weights %s, code %s</div></div>\n",
                mdg_report_bytes(c->weights_bytes).text, mdg_report_bytes(c->code_bytes).text);
    }
}

static void write_summary(FILE *out, const mdg_report *r) {
    fprintf(out, "<div class=\"tiles\">\n");
    if (r->n_accuracies) write_accuracy_tile(out, &r->accuracies[r->n_accuracies - 1]);
    write_cost_tiles(out, &r->cost);
    fprintf(out, "</div>\n");
    if (r->n_accuracies < 2) return;
    fprintf(out, "<section><h2>%s on the test clips</h2><div class=\"bars\">\n",
            r->accuracies[0].what ? r->accuracies[0].what : "Accuracy");
    for (int i = 0; i < r->n_accuracies; i++) {
        const mdg_report_accuracy *a = &r->accuracies[i];
        char size[64];
        snprintf(size, sizeof size, "%.1f %% (%d of %d)", percent(a->accuracy), a->n_correct, a->n);
        mdg_report_bar(out, a->name, (double)a->accuracy, size);
    }
    fprintf(out, "</div>");
    if (r->interval[1] > 0)
        fprintf(out,
                "<p class=\"key\">with 95 %% confidence the int8 model's accuracy on such clips lies between "
                "%.1f and %.1f %% (bootstrap)</p>",
                percent(r->interval[0]), percent(r->interval[1]));
    fprintf(out, "</section>\n");
}

/* ==== Training ==== */

static float loss(const mdg_report_epoch *e) {
    return e->loss;
}
static float validation_loss(const mdg_report_epoch *e) {
    return e->validation_loss;
}
static float accuracy(const mdg_report_epoch *e) {
    return e->accuracy;
}
static float validation_accuracy(const mdg_report_epoch *e) {
    return e->validation_accuracy;
}

static void write_training(FILE *out, const mdg_report *r) {
    static const mdg_report_curve curves[] = {
        {"Accuracy", true, accuracy, validation_accuracy},
        {"Loss", false, loss, validation_loss},
    };
    if (!r->n_epochs) return;
    fprintf(out, "<section><h2>Training</h2><div class=\"two\">\n");
    for (int i = 0; i < 2; i++) mdg_report_line_chart(out, r, &curves[i]);
    fprintf(out, "</div><p class=\"key\"><span><b class=\"first\"></b>training</span><span><b "
                 "class=\"second\"></b>validation</span>");
    if (r->best_epoch >= 0 && r->best_epoch < r->n_epochs)
        fprintf(out, "<span>the weights of epoch %d of %d were kept</span>", r->best_epoch + 1, r->n_epochs);
    fprintf(out, "</p></section>\n");
}

/* ==== Classes ==== */

static int row_sum(const mdg_report *r, int t) {
    int sum = 0;
    for (int p = 0; p < r->n_classes; p++) sum += r->confusion[t * r->n_classes + p];
    return sum;
}

/* Colour by share of the row, so that classes of different sizes compare; right in one hue, wrong in another.
 */
static void write_heat_cell(FILE *out, const mdg_report *r, int t, int p) {
    const int count = r->confusion[t * r->n_classes + p];
    if (!count) {
        fprintf(out, "<td class=\"none\">0</td>");
        return;
    }
    const double share = (double)count / row_sum(r, t),
                 strength = t == p ? share : fmin(1.0, 0.15 + 2.0 * share);
    fprintf(out, "<td%s style=\"background:rgba(var(--%s),%.2f)\" title=\"",
            strength > 0.55 ? " class=\"strong\"" : "", t == p ? "hit" : "miss", strength);
    mdg_report_text(out, r->classes[t].label);
    fprintf(out, " taken for ");
    mdg_report_text(out, r->classes[p].label);
    fprintf(out, ": %d (%.0f %%)\">%d</td>", count, 100.0 * share, count);
}

static void write_confusion(FILE *out, const mdg_report *r) {
    if (!r->confusion || !r->n_classes) return;
    fprintf(out, "<section><h2>Confusion matrix</h2><div class=\"scroll\"><table class=\"heat\"><thead>\n"
                 "<tr><th class=\"axis\">predicted &#8594;<br>true &#8595;</th>");
    for (int p = 0; p < r->n_classes; p++) {
        fprintf(out, "<th><span>");
        mdg_report_text(out, r->classes[p].label);
        fprintf(out, "</span></th>");
    }
    fprintf(out, "</tr></thead><tbody>\n");
    for (int t = 0; t < r->n_classes; t++) {
        fprintf(out, "<tr><th>");
        mdg_report_text(out, r->classes[t].label);
        fprintf(out, "</th>");
        for (int p = 0; p < r->n_classes; p++) write_heat_cell(out, r, t, p);
        fprintf(out, "</tr>\n");
    }
    fprintf(out, "</tbody></table></div></section>\n");
}

static void write_class_row(FILE *out, const mdg_report_class *c) {
    fprintf(out, "<tr><td>");
    mdg_report_text(out, c->label);
    fprintf(out, "</td><td>%d</td><td>%d</td><td>%d</td><td>%.1f %%</td><td>%.1f %%</td><td>%.1f %%</td>",
            c->n_train, c->n_validation, c->n_test, percent(c->precision), percent(c->recall),
            percent(c->f1));
    if (c->auc > 0)
        fprintf(out, "<td>%.3f</td></tr>\n", (double)c->auc);
    else
        fprintf(out, "<td></td></tr>\n");
}

static void write_classes(FILE *out, const mdg_report *r) {
    if (!r->n_classes) return;
    mdg_report_class sum = {0};
    fprintf(out,
            "<section><h2>Classes</h2><div class=\"scroll\"><table><thead><tr><th>class</th><th>train</th>"
            "<th>validation</th><th>test "
            "clips</th><th>precision</th><th>recall</th><th>F1</th><th>AUC</th></tr></thead><tbody>\n");
    for (int i = 0; i < r->n_classes; i++) {
        const mdg_report_class *c = &r->classes[i];
        write_class_row(out, c);
        sum.n_train += c->n_train;
        sum.n_validation += c->n_validation;
        sum.n_test += c->n_test;
    }
    fprintf(
        out,
        "</tbody><tfoot><tr><td>all</td><td>%d</td><td>%d</td><td>%d</td><td colspan=\"4\"></td></tr></tfoot>"
        "</table></div></section>\n",
        sum.n_train, sum.n_validation, sum.n_test);
}

/* Side by side where there is room for it. */
static void write_per_class(FILE *out, const mdg_report *r) {
    const bool pair = r->confusion && r->n_classes > 0 && r->n_classes <= 12;
    if (pair) fprintf(out, "<div class=\"pair\">\n");
    write_confusion(out, r);
    write_classes(out, r);
    if (pair) fprintf(out, "</div>\n");
}

/* ==== Clips ==== */

static mdg_status write_clip(FILE *out, const mdg_report_clip *c) {
    const bool right = strcmp(c->label, c->predicted) == 0;
    fprintf(out, "<figure>");
    MDG_TRY(mdg_report_spectrogram(out, c));
    fprintf(out, "<figcaption><b>");
    mdg_report_text(out, c->label);
    fprintf(out, "</b> <span class=\"%s\">%s ", right ? "good" : "bad",
            right ? "&#10003;" : "&#10007; taken for");
    if (!right) mdg_report_text(out, c->predicted);
    fprintf(out, " %.0f %%</span><small>", percent(c->score));
    mdg_report_text(out, c->name);
    fprintf(out, "</small></figcaption></figure>\n");
    return MDG_OK;
}

static mdg_status write_clips(FILE *out, const mdg_report *r) {
    if (!r->n_clips) return MDG_OK;
    fprintf(out, "<section><h2>Clips as the model sees them</h2><div class=\"clips\">\n");
    for (int i = 0; i < r->n_clips; i++) MDG_TRY(write_clip(out, &r->clips[i]));
    fprintf(out, "</div><p class=\"key\">%s; bright is strong</p></section>\n",
            r->clips[0].key ? r->clips[0].key : "");
    return MDG_OK;
}

/* ==== Layers ==== */

static void write_layer_row(FILE *out, const mdg_report_layer *l) {
    fprintf(out, "<tr><td>");
    mdg_report_text(out, l->name);
    fprintf(out, "</td><td class=\"l\">");
    mdg_report_text(out, l->op);
    fprintf(out, "</td><td>%.4g &#8230; %.4g</td><td>%.5g</td><td>%d</td>", (double)l->lo, (double)l->hi,
            (double)l->scale, l->zero_point);
    if (isnan(l->sqnr_db))
        fprintf(out, "<td></td></tr>\n");
    else
        fprintf(out, "<td%s>%.1f dB</td></tr>\n", l->sqnr_db < 10.0f ? " class=\"bad\"" : "",
                (double)l->sqnr_db);
}

static void write_layers(FILE *out, const mdg_report *r) {
    if (!r->n_layers) return;
    fprintf(out, "<section><h2>Quantisation, layer by layer</h2><div "
                 "class=\"scroll\"><table><thead><tr><th>tensor</th>"
                 "<th class=\"l\">written by</th><th>range</th><th>step</th><th>zero point</th><th>int8 "
                 "against float</th>"
                 "</tr></thead><tbody>\n");
    for (int i = 0; i < r->n_layers; i++) write_layer_row(out, &r->layers[i]);
    fprintf(out, "</tbody></table></div></section>\n");
}

/* ==== Foot ==== */

static void write_skipped(FILE *out, const mdg_report *r) {
    if (!r->n_skipped) return;
    fprintf(out,
            "<section><h2>Skipped files: %d</h2><details%s><summary>could not be used, and are in no "
            "split</summary><ul>\n",
            r->n_skipped, r->n_skipped <= 10 ? " open" : "");
    for (int i = 0; i < r->n_skipped; i++) {
        fprintf(out, "<li><code>");
        mdg_report_text(out, r->skipped[i].path);
        fprintf(out, "</code>: ");
        mdg_report_text(out, r->skipped[i].cause);
        fprintf(out, "</li>\n");
    }
    fprintf(out, "</ul></details></section>\n");
}

static void write_foot(FILE *out, const mdg_report *r) {
    if (r->configuration) {
        fprintf(out, "<section><h2>Configuration</h2><details open><summary>midge.yaml, with the defaults "
                     "that were in effect"
                     "</summary><pre>");
        mdg_report_text(out, r->configuration);
        fprintf(out, "</pre></details></section>\n");
    }
    fprintf(out, "<footer>made by midge ");
    mdg_report_text(out, r->version);
    fprintf(out, "; instructions, RAM and flash are measured on the emulated "
                 "target</footer>\n</main></body></html>\n");
}

static mdg_status write_document(FILE *out, const mdg_report *r) {
    write_head(out, r);
    write_summary(out, r);
    write_training(out, r);
    write_per_class(out, r);
    mdg_report_judgement(out, r);
    MDG_TRY(write_clips(out, r));
    MDG_TRY(mdg_report_scenes(out, r));
    mdg_report_ops(out, r);
    mdg_report_peers(out, r);
    write_layers(out, r);
    write_skipped(out, r);
    write_foot(out, r);
    return MDG_OK;
}

mdg_status mdg_report_write(const mdg_report *r, const char *path, mdg_diag *diag) {
    mdg_writer w;
    MDG_TRY(mdg_writer_open(&w, path, diag));
    if (write_document(w.stream, r) != MDG_OK) {
        mdg_writer_discard(&w);
        return mdg_fail(
            diag, MDG_IO,
            "%s: a spectrogram could not be made into a PNG; is there memory and room on the disk?", path);
    }
    return mdg_writer_close(&w, diag);
}
