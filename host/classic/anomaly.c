/* SPDX-License-Identifier: MIT
 *
 * Where the normal ends: a threshold from distances of normal examples that the model was not made of. Each
 * fifth of the recording in turn is kept out, as a block with a gap on both sides, since neighbouring windows
 * share samples.
 */
#include "classic/anomaly.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "exec/exec.h"

enum { FOLDS = 5, GAP = 2, LEAST_EXAMPLES = 20 };

/* The distance as an operator: with it, the graph's output is int32 [1]. */
static mdg_status add_distance(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o) {
    mdg_arena *arena = b->graph->arena;
    const int centres = o->prototypes ? o->prototypes : MDG_ANOMALY_CENTRES;
    mdg_gaussians g;
    mdg_whitener w;
    if (o->kind == MDG_CLASSIC_MAHALANOBIS) {
        mdg_whitener_train(e, arena, &w);
        return mdg_build_whitener(b, &w);
    }
    if (o->kind == MDG_CLASSIC_GMM) mdg_gmm_train(e, centres, o->seed, arena, &g);
    if (o->kind == MDG_CLASSIC_KMEANS) mdg_kmeans_train(e, centres, o->seed, arena, &g);
    mdg_build_gaussians(b, &g, 1);
    return MDG_OK;
}

static mdg_examples all_but(const mdg_examples *e, int first, int last, mdg_arena *arena) {
    const size_t width = (size_t)e->n_features;
    int8_t *x = mdg_arena_array(arena, (size_t)e->n * width, sizeof *x);
    int n = 0;
    for (int i = 0; i < e->n; i++)
        if (i < first - GAP || i >= last + GAP) memcpy(x + (size_t)n++ * width, mdg_example(e, i), width);
    return (mdg_examples){n, e->n_features, 1, x, e->y};
}

/* Distances of examples first to last - 1 by what is learned from the others */
static mdg_status fold(const mdg_examples *e, const mdg_classic_opts *o, int first, int last,
                       mdg_arena *arena, double *out, mdg_diag *diag) {
    const mdg_classic_shape in = {1, 1, e->n_features, 1, e->n_features, 1.0f / MDG_CLASSIC_DEVIATION};
    const mdg_examples others = all_but(e, first, last, arena);
    mdg_builder b = mdg_builder_new(&in, arena, diag);
    mdg_exec *x;
    MDG_TRY(add_distance(&b, &others, o));
    MDG_TRY(mdg_exec_open(mdg_builder_graph(&b), arena, &x, diag));
    for (int i = first; i < last; i++) {
        int32_t d;
        memcpy(mdg_exec_input(x, 0), mdg_example(e, i), (size_t)e->n_features);
        if (mdg_exec_invoke(x, NULL) != MDG_OK) return mdg_exec_why(x, diag);
        memcpy(&d, mdg_exec_output(x, 0), sizeof d);
        out[i] = log(d > 1 ? d : 1);
    }
    return MDG_OK;
}

static int by_value(const void *a, const void *b) {
    const double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The deviation beyond which a normal number lies with this probability, by halving */
static double normal_tail(double probability) {
    double lo = 0, hi = 10;
    for (int i = 0; i < 60; i++) {
        const double middle = (lo + hi) / 2;
        *(0.5 * erfc(middle / sqrt(2)) > probability ? &lo : &hi) = middle;
    }
    return lo;
}

int32_t mdg_anomaly_threshold(double *logs, int n, double false_alarms) {
    double sum = 0, squares = 0;
    for (int i = 0; i < n; i++) {
        sum += logs[i];
        squares += logs[i] * logs[i];
    }
    const double mean = sum / n, deviation = sqrt(fmax(squares / n - mean * mean, 0));
    qsort(logs, (size_t)n, sizeof *logs, by_value);
    const int at = (int)ceil((1 - false_alarms) * n) - 1;
    const double seen = logs[at < 0 ? 0 : at >= n ? n - 1 : at];
    const double expected = mean + normal_tail(false_alarms) * deviation;
    return (int32_t)fmin(exp(fmax(seen, expected)) + 1, 1 << 30);
}

mdg_status mdg_anomaly_train(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o) {
    mdg_arena *arena = b->graph->arena;
    if (e->n < LEAST_EXAMPLES)
        return mdg_fail(
            b->diag, MDG_INVALID,
            "%d normal clips are too few to tell what is not: at least %d are needed; record more, or take "
            "them closer together (data.step_ms)",
            e->n, LEAST_EXAMPLES);
    double *logs = mdg_arena_array(arena, (size_t)e->n, sizeof *logs);
    for (int f = 0; f < FOLDS; f++)
        MDG_TRY(fold(e, o, f * e->n / FOLDS, (f + 1) * e->n / FOLDS, arena, logs, b->diag));
    MDG_TRY(add_distance(b, e, o));
    mdg_build_anomaly(b, mdg_anomaly_threshold(logs, e->n, (double)o->false_alarms));
    return MDG_OK;
}
