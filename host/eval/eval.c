/* SPDX-License-Identifier: MIT */
#include "eval/eval.h"

#include <string.h>

int mdg_eval_argmax(const float *scores, int n) {
    int best = -1;
    for (int c = 0; c < n; c++)
        if (scores[c] == scores[c] && (best < 0 || scores[c] > scores[best])) best = c;
    return best < 0 ? 0 : best;
}

static float ratio(int part, int whole) {
    return whole ? (float)part / (float)whole : 0.0f;
}

static int times_predicted(const mdg_eval *e, int class) {
    int sum = 0;
    for (int t = 0; t < e->n_classes; t++) sum += e->confusion[t * e->n_classes + class];
    return sum;
}

static mdg_class_figures figures_of(const mdg_eval *e, int class) {
    const int hits = e->confusion[class * e->n_classes + class];
    mdg_class_figures f = {0};
    for (int p = 0; p < e->n_classes; p++) f.n += e->confusion[class * e->n_classes + p];
    f.precision = ratio(hits, times_predicted(e, class));
    f.recall = ratio(hits, f.n);
    /* 2PR / (P + R), written in counts so that nothing is rounded twice */
    f.f1 = ratio(2 * hits, f.n + times_predicted(e, class));
    return f;
}

void mdg_eval_decisions(const int *predicted, const int *truth, int n, int n_classes, mdg_arena *arena,
                        mdg_eval *out) {
    *out = (mdg_eval){.n_classes = n_classes, .n = n};
    out->confusion = mdg_arena_array(arena, (size_t)n_classes * (size_t)n_classes, sizeof(int));
    out->classes = mdg_arena_array(arena, (size_t)n_classes, sizeof *out->classes);
    for (int i = 0; i < n; i++) {
        out->confusion[truth[i] * n_classes + predicted[i]]++;
        out->n_correct += truth[i] == predicted[i];
    }
    float f1_sum = 0.0f;
    for (int c = 0; c < n_classes; c++) {
        out->classes[c] = figures_of(out, c);
        f1_sum += out->classes[c].f1;
    }
    out->accuracy = ratio(out->n_correct, n);
    out->macro_f1 = n_classes ? f1_sum / (float)n_classes : 0.0f;
}

void mdg_eval_scores(const float *scores, const int *truth, int n, int n_classes, mdg_arena *arena,
                     mdg_eval *out) {
    int *predicted = mdg_arena_array(arena, (size_t)n, sizeof(int));
    for (int i = 0; i < n; i++)
        predicted[i] = mdg_eval_argmax(scores + (size_t)i * (size_t)n_classes, n_classes);
    mdg_eval_decisions(predicted, truth, n, n_classes, arena, out);
}

static int widest_label(const mdg_eval *e, const char *const *labels) {
    int width = 5;
    for (int c = 0; c < e->n_classes; c++) {
        const int length = (int)strlen(labels[c]);
        if (length > width) width = length;
    }
    return width;
}

void mdg_eval_print_confusion(const mdg_eval *e, const char *const *labels, FILE *out) {
    const int width = widest_label(e, labels);
    fprintf(out, "\n%-*s  predicted\n%-*s", width, "true", width, "");
    for (int p = 0; p < e->n_classes; p++) fprintf(out, " %5.5s", labels[p]);
    fprintf(out, "\n");
    for (int t = 0; t < e->n_classes; t++) {
        fprintf(out, "%-*s", width, labels[t]);
        for (int p = 0; p < e->n_classes; p++) {
            const int count = e->confusion[t * e->n_classes + p];
            if (count)
                fprintf(out, " %5d", count);
            else
                fprintf(out, "     .");
        }
        fprintf(out, "\n");
    }
}

void mdg_eval_print_classes(const mdg_eval *e, const char *const *labels, int first, FILE *out) {
    const int width = widest_label(e, labels);
    fprintf(out, "%-*s %6s %10s %8s %8s\n", width, "class", first ? "" : "clips", "precision", "recall",
            "F1");
    for (int c = first; c < e->n_classes; c++) {
        const mdg_class_figures *f = &e->classes[c];
        fprintf(out, "%-*s %6d %8.1f %% %6.1f %% %6.1f %%\n", width, labels[c], f->n,
                100.0 * (double)f->precision, 100.0 * (double)f->recall, 100.0 * (double)f->f1);
    }
}

void mdg_eval_print(const mdg_eval *e, const char *const *labels, FILE *out) {
    fprintf(out, "accuracy %.1f %% (%d of %d), macro F1 %.1f %%\n\n", 100.0 * (double)e->accuracy,
            e->n_correct, e->n, 100.0 * (double)e->macro_f1);
    mdg_eval_print_classes(e, labels, 0, out);
    mdg_eval_print_confusion(e, labels, out);
}

static json_t *confusion_json(const mdg_eval *e) {
    json_t *rows = json_array();
    for (int t = 0; t < e->n_classes; t++) {
        json_t *row = json_array();
        for (int p = 0; p < e->n_classes; p++)
            json_array_append_new(row, json_integer(e->confusion[t * e->n_classes + p]));
        json_array_append_new(rows, row);
    }
    return rows;
}

/* JSON is UTF-8; a label that is not stands as "?". */
static json_t *label_json(const char *label) {
    json_t *json = json_string(label);
    return json ? json : json_string("?");
}

json_t *mdg_eval_json(const mdg_eval *e, const char *const *labels) {
    json_t *names = json_array(), *classes = json_array();
    for (int c = 0; c < e->n_classes; c++) {
        const mdg_class_figures *f = &e->classes[c];
        json_array_append_new(names, label_json(labels[c]));
        json_array_append_new(classes, json_pack("{s:o, s:i, s:f, s:f, s:f}", "label", label_json(labels[c]),
                                                 "n", f->n, "precision", (double)f->precision, "recall",
                                                 (double)f->recall, "f1", (double)f->f1));
    }
    return json_pack("{s:i, s:i, s:f, s:f, s:o, s:o, s:o}", "n", e->n, "correct", e->n_correct, "accuracy",
                     (double)e->accuracy, "macro_f1", (double)e->macro_f1, "labels", names, "confusion",
                     confusion_json(e), "classes", classes);
}
