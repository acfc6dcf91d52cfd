/* SPDX-License-Identifier: MIT
 *
 * judge.h: what accuracy alone does not tell: how sure it is, how well scores order clips, whether they can
 * be taken as probabilities, who is understood badly, and which clips went wrong.
 *
 *     const mdg_eval_clips clips = {scores, truth, groups, n, n_classes, seed};
 *     mdg_judgement j;
 *     mdg_eval_judge(&clips, arena, &j);
 *     mdg_judgement_print(&j, labels, stdout);
 *
 * Pure functions; the same clips and seed give the same figures. NaN as a score is below all others.
 */
#ifndef MDG_EVAL_JUDGE_H
#define MDG_EVAL_JUDGE_H

#include <jansson.h>
#include <stdint.h>
#include <stdio.h>

#include "util/arena.h"

typedef struct mdg_eval_clips {
    const float *scores;       /* [n][n_classes] */
    const int *truth;          /* [n], each in [0, n_classes) */
    const char *const *groups; /* [n], "" = none; or NULL */
    int n, n_classes;
    uint64_t seed; /* of the bootstrap */
} mdg_eval_clips;

enum { MDG_EVAL_BINS = 10, MDG_EVAL_ROC = 101, MDG_EVAL_WORST = 20, MDG_EVAL_RESAMPLES = 1000 };

/* Clips whose best score lies in one tenth of 0 to 1: its mean, and the share that is right. */
typedef struct mdg_eval_bin {
    int n;
    float score, accuracy;
} mdg_eval_bin;

typedef struct mdg_eval_group {
    const char *name;
    int n, n_correct;
    float accuracy;
} mdg_eval_group;

typedef struct mdg_eval_miss {
    int clip, truth, predicted;
    float score; /* of the predicted class */
} mdg_eval_miss;

typedef struct mdg_judgement {
    int n_classes;
    float (*roc)[MDG_EVAL_ROC]; /* [n_classes] */
    float *auc;                 /* [n_classes] each class against the rest; NaN where one side has no clips */
    float macro_auc;            /* mean of those that are numbers; NaN when there are none */
    float top2, top3;  /* share of clips whose class is among the best k; NaN unless there are more classes */
    float interval[2]; /* 95 % of the accuracies of clips drawn anew lie between */
    float calibration_error;
    mdg_eval_bin bins[MDG_EVAL_BINS];
    mdg_eval_group *groups; /* lowest accuracy first, then by name; none where no clip has a group */
    int n_groups;
    mdg_eval_miss worst[MDG_EVAL_WORST]; /* wrong ones, the most confident mistakes first */
    int n_worst;
} mdg_judgement;

void mdg_eval_judge(const mdg_eval_clips *clips, mdg_arena *arena, mdg_judgement *out);

/* The area under the ROC curve: how often a clip of the class has a higher score for it than one of the rest,
 * equal scores counting half (Mann and Whitney 1947). */
float mdg_eval_auc(const mdg_eval_clips *clips, int class, mdg_arena *arena);

/* The ROC curve: true positives, as a share, at each hundredth of false positives from 0 to 1; straight over
 * equal scores. All 0 where one side has no clips. */
void mdg_eval_roc(const mdg_eval_clips *clips, int class, mdg_arena *arena, float out[MDG_EVAL_ROC]);

/* Share of clips whose class is among the k best scores; ties go to the lower class. */
float mdg_eval_top(const mdg_eval_clips *clips, int k);

/* Fills the bins; returns the expected calibration error: how far score and accuracy lie apart in a clip's
 * bin, on average (Naeini et al. 2015). */
float mdg_eval_calibration(const mdg_eval_clips *clips, mdg_eval_bin bins[MDG_EVAL_BINS]);

/* Percentile bootstrap: n clips drawn with replacement, MDG_EVAL_RESAMPLES times. 0 to 0 for no clips. */
void mdg_eval_interval(int n_correct, int n, uint64_t seed, float out[2]);

/* Three lines: interval and top k, AUC, calibration. */
void mdg_judgement_print(const mdg_judgement *j, const char *const *labels, FILE *out);

/* Groups and worst clips, as tables; names [n] of all clips. */
void mdg_judgement_print_clips(const mdg_judgement *j, const char *const *labels, const char *const *names,
                               FILE *out);

/* Adds to an object "interval", "auc" (null = not a number), "macro_auc", "top2", "top3",
 * "calibration_error", "calibration": [{n, score, accuracy}], "groups": [{group, n, correct, accuracy}],
 * "worst": [{clip, label, predicted, score}]. */
void mdg_judgement_add_json(const mdg_judgement *j, const char *const *labels, const char *const *names,
                            json_t *object);

#endif
