/* SPDX-License-Identifier: MIT
 *
 * eval.h: scores to figures: accuracy, confusion matrix, precision, recall, F1.
 */
#ifndef MDG_EVAL_H
#define MDG_EVAL_H

#include <stdio.h>

#include "util/arena.h"

typedef struct mdg_class_figures {
    int n;               /* clips of this class */
    float precision, recall, f1;
} mdg_class_figures;

typedef struct mdg_eval {
    int n_classes, n, n_correct;
    float accuracy;
    int *confusion;      /* [true][predicted] */
    mdg_class_figures *classes;
} mdg_eval;

/* scores [n][n_classes]; truth [n]; ties go to the lower class. */
void mdg_eval_scores(const float *scores, const int *truth, int n, int n_classes, mdg_arena *arena, mdg_eval *out);
void mdg_eval_print(const mdg_eval *e, const char *const *labels, FILE *out);

#endif
