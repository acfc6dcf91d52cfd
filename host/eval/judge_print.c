/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "eval/judge.h"

enum { PRINTED = 10 };

static double percent(float x) {
    return 100.0 * (double)x;
}

static void print_auc(const mdg_judgement *j, const char *const *labels, FILE *out) {
    int lowest = -1;
    for (int c = 0; c < j->n_classes; c++)
        if (!isnan(j->auc[c]) && (lowest < 0 || j->auc[c] < j->auc[lowest])) lowest = c;
    if (lowest < 0) return;
    fprintf(out, "area under ROC curve (each class against the rest) %.4f, lowest %.4f (%s)\n",
            (double)j->macro_auc, (double)j->auc[lowest], labels[lowest]);
}

void mdg_judgement_print(const mdg_judgement *j, const char *const *labels, FILE *out) {
    fprintf(out, "\naccuracy lies between %.1f and %.1f %% with 95 %% confidence", percent(j->interval[0]),
            percent(j->interval[1]));
    if (!isnan(j->top2)) fprintf(out, "; top 2: %.1f %%", percent(j->top2));
    if (!isnan(j->top3)) fprintf(out, ", top 3: %.1f %%", percent(j->top3));
    fprintf(out, "\n");
    print_auc(j, labels, out);
    fprintf(out, "calibration error %.1f %% (between scores and how often they are right)\n",
            percent(j->calibration_error));
}

static void print_more(int n, FILE *out) {
    if (n > PRINTED) fprintf(out, "... %d more in eval.json\n", n - PRINTED);
}

static const char *name_of(const mdg_eval_group *g) {
    return g->name[0] ? g->name : "(none)";
}

/* Of the column of labels among the printed mistakes. */
static int label_width(const mdg_judgement *j, const char *const *labels) {
    int width = (int)strlen("predicted");
    for (int i = 0; i < j->n_worst && i < PRINTED; i++) {
        const int t = (int)strlen(labels[j->worst[i].truth]), p = (int)strlen(labels[j->worst[i].predicted]);
        width = t > width ? t : width;
        width = p > width ? p : width;
    }
    return width;
}

void mdg_judgement_print_clips(const mdg_judgement *j, const char *const *labels, const char *const *names,
                               FILE *out) {
    const int width = label_width(j, labels);
    if (j->n_groups) fprintf(out, "\n%-24s %8s %10s\n", "group", "clips", "accuracy");
    for (int i = 0; i < j->n_groups && i < PRINTED; i++)
        fprintf(out, "%-24s %8d %8.1f %%\n", name_of(&j->groups[i]), j->groups[i].n,
                percent(j->groups[i].accuracy));
    print_more(j->n_groups, out);
    if (j->n_worst) fprintf(out, "\n%-*s %-*s %7s  %s\n", width, "true", width, "predicted", "score", "clip");
    for (int i = 0; i < j->n_worst && i < PRINTED; i++) {
        const mdg_eval_miss *m = &j->worst[i];
        fprintf(out, "%-*s %-*s %5.1f %%  %s\n", width, labels[m->truth], width, labels[m->predicted],
                percent(m->score), names[m->clip]);
    }
    print_more(j->n_worst, out);
}

/* JSON has no NaN, and is UTF-8: a text that is not stands as "?". */
static json_t *real_json(float x) {
    return isfinite(x) ? json_real((double)x) : json_null();
}

static json_t *text_json(const char *text) {
    json_t *json = json_string(text);
    return json ? json : json_string("?");
}

static json_t *bins_json(const mdg_judgement *j) {
    json_t *bins = json_array();
    for (int b = 0; b < MDG_EVAL_BINS; b++)
        json_array_append_new(bins, json_pack("{s:i, s:o, s:o}", "n", j->bins[b].n, "score",
                                              real_json(j->bins[b].score), "accuracy",
                                              real_json(j->bins[b].accuracy)));
    return bins;
}

static json_t *groups_json(const mdg_judgement *j) {
    json_t *groups = json_array();
    for (int i = 0; i < j->n_groups; i++) {
        const mdg_eval_group *g = &j->groups[i];
        json_array_append_new(groups,
                              json_pack("{s:o, s:i, s:i, s:o}", "group", text_json(g->name), "n", g->n,
                                        "correct", g->n_correct, "accuracy", real_json(g->accuracy)));
    }
    return groups;
}

static json_t *worst_json(const mdg_judgement *j, const char *const *labels, const char *const *names) {
    json_t *worst = json_array();
    for (int i = 0; i < j->n_worst; i++) {
        const mdg_eval_miss *m = &j->worst[i];
        json_array_append_new(worst,
                              json_pack("{s:o, s:o, s:o, s:o}", "clip", text_json(names[m->clip]), "label",
                                        text_json(labels[m->truth]), "predicted",
                                        text_json(labels[m->predicted]), "score", real_json(m->score)));
    }
    return worst;
}

void mdg_judgement_add_json(const mdg_judgement *j, const char *const *labels, const char *const *names,
                            json_t *object) {
    json_t *auc = json_array(), *interval = json_array();
    for (int c = 0; c < j->n_classes; c++) json_array_append_new(auc, real_json(j->auc[c]));
    for (int i = 0; i < 2; i++) json_array_append_new(interval, real_json(j->interval[i]));
    json_object_set_new(object, "interval", interval);
    json_object_set_new(object, "auc", auc);
    json_object_set_new(object, "macro_auc", real_json(j->macro_auc));
    json_object_set_new(object, "top2", real_json(j->top2));
    json_object_set_new(object, "top3", real_json(j->top3));
    json_object_set_new(object, "calibration_error", real_json(j->calibration_error));
    json_object_set_new(object, "calibration", bins_json(j));
    json_object_set_new(object, "groups", groups_json(j));
    json_object_set_new(object, "worst", worst_json(j, labels, names));
}
