/* SPDX-License-Identifier: MIT
 *
 * reproducing.c: networks that reproduce what is normal, so that anomalies show by their error.
 */
#include "cli/reproducing.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "cli/classic.h"

bool mdg_model_reproduces(const mdg_project_model *m) {
    return m->n_layers ? m->objective == MDG_OBJECTIVE_INPUT : strcmp(m->architecture, "autoencoder") == 0;
}

mdg_status mdg_reproducing_check(mdg_pipeline *pl) {
    const mdg_project_model *m = &pl->project.model;
    if (!mdg_model_reproduces(m) || m->n_normal) return MDG_OK;
    return mdg_fail(
        pl->diag, MDG_INVALID,
        "%s/midge.yaml: model: a network that reproduces its input learns what is normal; list those "
        "classes in model.normal, all others are anomalies",
        pl->project.folder);
}

static int compare(const void *a, const void *b) {
    const float x = *(const float *)a, y = *(const float *)b;
    return (x > y) - (x < y);
}

static float error_of(const float *x, const float *again, size_t n) {
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += ((double)x[i] - (double)again[i]) * ((double)x[i] - (double)again[i]);
    return (float)(sum / (double)n);
}

/* The errors of a split's normal clips, behind those that are there */
static mdg_status add_errors(mdg_pipeline *pl, const mdg_net *net, mdg_split split, float *errors, int *n) {
    float *x = mdg_arena_array(pl->arena, 2 * pl->row_values, sizeof *x), *again = x + pl->row_values;
    for (int i = 0; i < pl->n_of[split]; i++) {
        mdg_pipeline_input_float(pl, pl->clips_of[split][i], x);
        MDG_TRY(mdg_net_predict(net, x, 1, again, pl->diag));
        errors[(*n)++] = error_of(x, again, pl->row_values);
    }
    return MDG_OK;
}

/* The error that a share of model.false_alarms of all normal clips but the test's exceed */
static mdg_status find_threshold(mdg_pipeline *pl, const mdg_net *net, float *out) {
    int n = 0;
    float *errors = mdg_arena_array(pl->arena, (size_t)pl->set.n_clips, sizeof *errors);
    MDG_TRY(add_errors(pl, net, MDG_SPLIT_TRAIN, errors, &n));
    MDG_TRY(add_errors(pl, net, MDG_SPLIT_VALIDATION, errors, &n));
    qsort(errors, (size_t)n, sizeof *errors, compare);
    const int at = (int)ceil((1.0 - (double)pl->project.model.classic.false_alarms) * n) - 1;
    *out = fmaxf(errors[at < 0 ? 0 : at], 1e-6f);
    return MDG_OK;
}

mdg_status mdg_reproducing_export(mdg_pipeline *pl, const mdg_net *net, mdg_graph **out) {
    float threshold;
    MDG_TRY(find_threshold(pl, net, &threshold));
    return mdg_net_export_anomaly(net, threshold, pl->arena, out, pl->diag);
}

void mdg_reproducing_disturb(int i, float *x, size_t n) {
    mdg_rng r = mdg_rng_of(7, (uint64_t)i);
    for (size_t k = 0; k < n && i % 4 == 3; k++) x[k] += mdg_rng_normal(&r);
}
