/* SPDX-License-Identifier: MIT */
#include "eval/judge.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "eval/eval.h"
#include "util/rng.h"

static const float *row(const mdg_eval_clips *clips, int i) {
    return clips->scores + (size_t)i * (size_t)clips->n_classes;
}

static int predicted(const mdg_eval_clips *clips, int i) {
    return mdg_eval_argmax(row(clips, i), clips->n_classes);
}

static float number(float score) {
    return score == score ? score : -INFINITY;
}

static float share(int part, int whole) {
    return whole ? (float)part / (float)whole : 0.0f;
}

/* ==== Order of scores ==== */

typedef struct scored {
    float score;
    bool positive;
} scored;

static int by_score(const void *a, const void *b) {
    const float x = ((const scored *)a)->score, y = ((const scored *)b)->score;
    return (x > y) - (x < y);
}

/* All clips by their score for the class, the lowest first. */
static const scored *sorted(const mdg_eval_clips *clips, int class, mdg_arena *arena) {
    scored *all = mdg_arena_array(arena, (size_t)clips->n + 1, sizeof *all);
    for (int i = 0; i < clips->n; i++)
        all[i] = (scored){number(row(clips, i)[class]), clips->truth[i] == class};
    qsort(all, (size_t)clips->n, sizeof *all, by_score);
    return all;
}

float mdg_eval_auc(const mdg_eval_clips *clips, int class, mdg_arena *arena) {
    const scored *all = sorted(clips, class, arena);
    double wins = 0, positives = 0, below = 0; /* below: clips of the rest with lower scores */
    for (int i = 0, end; i < clips->n; i = end) {
        double tied_positives = 0;
        for (end = i; end < clips->n && !(all[end].score > all[i].score); end++)
            tied_positives += all[end].positive;
        const double tied_rest = end - i - tied_positives;
        wins += tied_positives * (below + tied_rest / 2);
        positives += tied_positives;
        below += tied_rest;
    }
    return positives > 0 && below > 0 ? (float)(wins / (positives * below)) : NAN;
}

void mdg_eval_roc(const mdg_eval_clips *clips, int class, mdg_arena *arena, float out[MDG_EVAL_ROC]) {
    const scored *all = sorted(clips, class, arena);
    double positives = 0, x = 0, y = 0;
    for (int i = 0; i < clips->n; i++) positives += all[i].positive;
    const double rest = clips->n - positives;
    int k = 0;
    memset(out, 0, MDG_EVAL_ROC * sizeof *out);
    if (positives <= 0 || rest <= 0) return;
    for (int i = clips->n - 1, end; i >= 0; i = end) {
        double hits = 0;
        for (end = i; end >= 0 && !(all[end].score < all[i].score); end--) hits += all[end].positive;
        const double across = (i - end - hits) / rest, up = hits / positives;
        for (; k < (x + across) * (MDG_EVAL_ROC - 1) - 1e-9; k++)
            out[k] = (float)(y + up * ((double)k / (MDG_EVAL_ROC - 1) - x) / across);
        x += across;
        y += up;
    }
    for (; k < MDG_EVAL_ROC; k++) out[k] = 1;
}

static void judge_order(const mdg_eval_clips *clips, mdg_arena *arena, mdg_judgement *out) {
    float sum = 0;
    int n = 0;
    out->auc = mdg_arena_array(arena, (size_t)clips->n_classes, sizeof *out->auc);
    out->roc = mdg_arena_array(arena, (size_t)clips->n_classes, sizeof *out->roc);
    for (int c = 0; c < clips->n_classes; c++) {
        mdg_eval_roc(clips, c, arena, out->roc[c]);
        out->auc[c] = mdg_eval_auc(clips, c, arena);
        if (isnan(out->auc[c])) continue;
        sum += out->auc[c];
        n++;
    }
    out->macro_auc = n ? sum / (float)n : NAN;
}

float mdg_eval_top(const mdg_eval_clips *clips, int k) {
    int hits = 0;
    for (int i = 0; i < clips->n; i++) {
        const float *s = row(clips, i);
        const int t = clips->truth[i];
        int better = s[t] == s[t] ? 0 : clips->n_classes;
        for (int c = 0; c < clips->n_classes; c++)
            better += number(s[c]) > s[t] || (c < t && number(s[c]) >= s[t]);
        hits += better < k;
    }
    return share(hits, clips->n);
}

/* ==== Scores as probabilities ==== */

float mdg_eval_calibration(const mdg_eval_clips *clips, mdg_eval_bin bins[MDG_EVAL_BINS]) {
    int hits[MDG_EVAL_BINS] = {0};
    double sums[MDG_EVAL_BINS] = {0}, apart = 0;
    memset(bins, 0, MDG_EVAL_BINS * sizeof *bins);
    for (int i = 0; i < clips->n; i++) {
        const int p = predicted(clips, i);
        const float s = number(row(clips, i)[p]), best = s > 0 ? s < 1 ? s : 1 : 0;
        int b = (int)(best * MDG_EVAL_BINS);
        if (b >= MDG_EVAL_BINS) b = MDG_EVAL_BINS - 1;
        bins[b].n++;
        sums[b] += (double)best;
        hits[b] += p == clips->truth[i];
    }
    for (int b = 0; b < MDG_EVAL_BINS; b++) {
        if (!bins[b].n) continue;
        bins[b].score = (float)(sums[b] / bins[b].n);
        bins[b].accuracy = share(hits[b], bins[b].n);
        apart += fabs(sums[b] - hits[b]);
    }
    return clips->n ? (float)(apart / clips->n) : 0.0f;
}

/* ==== Chance ==== */

static int by_value(const void *a, const void *b) {
    const int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

void mdg_eval_interval(int n_correct, int n, uint64_t seed, float out[2]) {
    int counts[MDG_EVAL_RESAMPLES];
    mdg_rng r = mdg_rng_of(seed, 0);
    for (int k = 0; k < MDG_EVAL_RESAMPLES; k++) {
        counts[k] = 0;
        for (int i = 0; i < n; i++) counts[k] += mdg_rng_below(&r, (uint32_t)n) < (uint32_t)n_correct;
    }
    qsort(counts, MDG_EVAL_RESAMPLES, sizeof *counts, by_value);
    out[0] = share(counts[MDG_EVAL_RESAMPLES / 40], n);
    out[1] = share(counts[MDG_EVAL_RESAMPLES - 1 - MDG_EVAL_RESAMPLES / 40], n);
}

/* ==== Groups ==== */

static int by_name(const void *a, const void *b) {
    return strcmp(((const mdg_eval_group *)a)->name, ((const mdg_eval_group *)b)->name);
}

static int by_accuracy(const void *a, const void *b) {
    const float x = ((const mdg_eval_group *)a)->accuracy, y = ((const mdg_eval_group *)b)->accuracy;
    return x < y ? -1 : x > y ? 1 : by_name(a, b);
}

static void judge_groups(const mdg_eval_clips *clips, mdg_arena *arena, mdg_judgement *out) {
    bool any = false;
    mdg_eval_group *g = mdg_arena_array(arena, (size_t)clips->n + 1, sizeof *g);
    for (int i = 0; clips->groups && i < clips->n; i++) {
        g[i] = (mdg_eval_group){.name = clips->groups[i], 1, predicted(clips, i) == clips->truth[i], 0};
        any |= clips->groups[i][0] != '\0';
    }
    out->groups = g;
    if (!any) return;
    qsort(g, (size_t)clips->n, sizeof *g, by_name);
    int n = 0;
    for (int i = 1; i < clips->n; i++) {
        if (strcmp(g[i].name, g[n].name) != 0) {
            g[++n] = g[i];
            continue;
        }
        g[n].n++;
        g[n].n_correct += g[i].n_correct;
    }
    out->n_groups = n + 1;
    for (int i = 0; i <= n; i++) g[i].accuracy = share(g[i].n_correct, g[i].n);
    qsort(g, (size_t)out->n_groups, sizeof *g, by_accuracy);
}

/* ==== Mistakes ==== */

/* Keeps the list sorted: behind all that are at least as confident, so that ties stay in the clips' order. */
static void insert_miss(mdg_judgement *out, mdg_eval_miss m) {
    int at = out->n_worst;
    while (at > 0 && out->worst[at - 1].score < m.score) at--;
    if (at == MDG_EVAL_WORST) return;
    const int behind = out->n_worst - at - (out->n_worst == MDG_EVAL_WORST);
    memmove(out->worst + at + 1, out->worst + at, (size_t)behind * sizeof m);
    out->worst[at] = m;
    out->n_worst += out->n_worst < MDG_EVAL_WORST;
}

void mdg_eval_judge(const mdg_eval_clips *clips, mdg_arena *arena, mdg_judgement *out) {
    int n_correct = 0;
    *out = (mdg_judgement){.n_classes = clips->n_classes};
    judge_order(clips, arena, out);
    out->top2 = clips->n_classes > 2 ? mdg_eval_top(clips, 2) : NAN;
    out->top3 = clips->n_classes > 3 ? mdg_eval_top(clips, 3) : NAN;
    out->calibration_error = mdg_eval_calibration(clips, out->bins);
    judge_groups(clips, arena, out);
    for (int i = 0; i < clips->n; i++) {
        const int t = clips->truth[i], p = predicted(clips, i);
        n_correct += t == p;
        if (t != p) insert_miss(out, (mdg_eval_miss){i, t, p, number(row(clips, i)[p])});
    }
    mdg_eval_interval(n_correct, clips->n, clips->seed, out->interval);
}
