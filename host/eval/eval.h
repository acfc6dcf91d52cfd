/* SPDX-License-Identifier: MIT
 *
 * eval.h: scores to figures: accuracy, confusion matrix, precision, recall, F1.
 *
 *     mdg_eval e;
 *     mdg_eval_scores(scores, truth, n, n_classes, arena, &e);
 *     mdg_eval_print(&e, labels, stdout);
 *     json_object_set_new(root, "test", mdg_eval_json(&e, labels));
 *
 * A figure whose denominator is 0 (a class that never occurs, or is never predicted) is 0.
 */
#ifndef MDG_EVAL_H
#define MDG_EVAL_H

#include <jansson.h>
#include <stdio.h>

#include "util/arena.h"

typedef struct mdg_class_figures {
    int n; /* clips of this class */
    float precision, recall, f1;
} mdg_class_figures;

typedef struct mdg_eval {
    int n_classes, n, n_correct;
    float accuracy;
    float macro_f1; /* mean of the classes' F1: unlike accuracy, it does not favour the frequent class */
    int *confusion; /* [true][predicted] */
    mdg_class_figures *classes;
} mdg_eval;

/* The index of the largest of n scores; ties go to the lower one, and NaN never wins. */
int mdg_eval_argmax(const float *scores, int n);

/* scores [n][n_classes]; truth [n], each in [0, n_classes). */
void mdg_eval_scores(const float *scores, const int *truth, int n, int n_classes, mdg_arena *arena,
                     mdg_eval *out);

/* The same from decisions that were made elsewhere: predicted [n]. */
void mdg_eval_decisions(const int *predicted, const int *truth, int n, int n_classes, mdg_arena *arena,
                        mdg_eval *out);

void mdg_eval_print(const mdg_eval *e, const char *const *labels, FILE *out);

/* Its parts: the classes from `first` on, and who is taken for whom. */
void mdg_eval_print_classes(const mdg_eval *e, const char *const *labels, int first, FILE *out);
void mdg_eval_print_confusion(const mdg_eval *e, const char *const *labels, FILE *out);

/* {"n", "correct", "accuracy", "macro_f1", "labels", "confusion": [[..]], "classes": [{label, n, precision,
 * recall, f1}]} */
json_t *mdg_eval_json(const mdg_eval *e, const char *const *labels);

#endif
