/* SPDX-License-Identifier: MIT
 *
 * midge's own operators, for what needs no network: trees, neighbours, Gaussians (docs/CLASSIC.md).
 *
 * They have no options: what is no shape is a constant tensor of numbers, so that a file says all of it.
 * Their tables are as dangerous as those of a model image, and looked at by the same checks
 * (core/checks/classic.c).
 */
#include "lower/lower.h"

/* The call with the first n_in inputs, tables that its kernel's check accepts; scratch -1: none */
static mdg_status add_call(mdg_lowering *lo, const void *params, int n_in, int scratch) {
    for (int k = 1; k < lo->op->n_inputs; k++) MDG_TRY(mdg_lo_need_const(lo, mdg_lo_input(lo, k)));
    const int first = lo->program->n_calls;
    mdg_call *c = mdg_lo_call(lo, params);
    c->n_in = n_in;
    if (scratch >= 0) mdg_call_add_out(c, scratch);
    return mdg_lo_need(lo, !mdg_program_refused_call(lo->program, first),
                       "its tables contradict each other or the shapes, or are out of range");
}

/* Number i of the constant settings, input k */
static mdg_status setting(mdg_lowering *lo, int k, int i, int32_t *out) {
    const int32_t *values;
    int count;
    MDG_TRY(mdg_lo_need_const_ints(lo, mdg_lo_input(lo, k), &values, &count));
    MDG_TRY(mdg_lo_need(lo, i < count, "its settings are incomplete"));
    *out = values[i];
    return MDG_OK;
}

static int32_t elements_of_input(const mdg_lowering *lo, int k) {
    return mdg_lo_elements(mdg_lo_input(lo, k));
}

static mdg_status lower_forest(mdg_lowering *lo) {
    mdg_forest_params *p = mdg_lo_params(lo, sizeof *p);
    p->features = elements_of_input(lo, 0);
    p->classes = mdg_lo_elements(mdg_lo_output(lo, 0));
    p->trees = elements_of_input(lo, 1);
    p->nodes = elements_of_input(lo, 2);
    const mdg_tensor *leaf = mdg_lo_input(lo, 5);
    MDG_TRY(mdg_lo_need_rank(lo, leaf, 2, 2));
    p->leaves = leaf->shape.dim[0];
    p->width = leaf->shape.dim[1];
    return add_call(lo, p, 6, -1);
}

static mdg_status lower_gaussians(mdg_lowering *lo) {
    mdg_gaussians_params *p = mdg_lo_params(lo, sizeof *p);
    p->features = elements_of_input(lo, 0);
    p->classes = mdg_lo_elements(mdg_lo_output(lo, 0));
    p->components = elements_of_input(lo, 3);
    MDG_TRY(setting(lo, 5, 0, &p->shift));
    MDG_TRY(setting(lo, 5, 1, &p->relative));
    return add_call(lo, p, 5, -1);
}

static mdg_status lower_neighbours(mdg_lowering *lo) {
    mdg_neighbours_params *p = mdg_lo_params(lo, sizeof *p);
    p->features = elements_of_input(lo, 0);
    p->classes = mdg_lo_elements(mdg_lo_output(lo, 0));
    p->prototypes = elements_of_input(lo, 2);
    MDG_TRY(setting(lo, 3, 0, &p->k));
    MDG_TRY(mdg_lo_need(lo, p->k >= 1 && p->k <= 16, "neighbours must be 1 to 16"));
    return add_call(lo, p, 3, mdg_lo_scratch(lo, "neighbours", "int32_t", 8 * (size_t)p->k));
}

static mdg_status lower_mahalanobis(mdg_lowering *lo) {
    mdg_mahalanobis_params *p = mdg_lo_params(lo, sizeof *p);
    p->features = elements_of_input(lo, 0);
    return add_call(lo, p, 4, -1);
}

static mdg_status lower_anomaly(mdg_lowering *lo) {
    mdg_anomaly_params *p = mdg_lo_params(lo, sizeof *p);
    MDG_TRY(setting(lo, 1, 0, &p->threshold));
    return add_call(lo, p, 1, -1);
}

static mdg_status lower_statistics(mdg_lowering *lo) {
    mdg_statistics_params *p = mdg_lo_params(lo, sizeof *p);
    const mdg_tensor *mult = mdg_lo_input(lo, 1);
    MDG_TRY(mdg_lo_need_rank(lo, mult, 2, 2));
    p->statistics = mult->shape.dim[0];
    p->width = mult->shape.dim[1];
    p->frames = elements_of_input(lo, 0) / p->width;
    MDG_TRY(
        mdg_lo_need(lo, elements_of_input(lo, 0) % p->width == 0, "the input is not a multiple of a row"));
    return add_call(lo, p, 3, -1);
}

static const mdg_variant forest[] = {{"int8,int16,int16,int8,int16,int16->int32", MDG_K_forest_s8}};
MDG_RULE(forest, 6, 6, 1, forest, lower_forest);

static const mdg_variant gaussians[] = {{"int8,int8,int16,int32,uint8,int32->int32", MDG_K_gaussians_s8}};
MDG_RULE(gaussians, 6, 6, 1, gaussians, lower_gaussians);

static const mdg_variant neighbours[] = {{"int8,int8,uint8,int32->int32", MDG_K_neighbours_s8}};
MDG_RULE(neighbours, 4, 4, 1, neighbours, lower_neighbours);

static const mdg_variant mahalanobis[] = {{"int8,int16,int32,uint8->int32", MDG_K_mahalanobis_s8}};
MDG_RULE(mahalanobis, 4, 4, 1, mahalanobis, lower_mahalanobis);

static const mdg_variant anomaly[] = {{"int32,int32->int8", MDG_K_anomaly_s8}};
MDG_RULE(anomaly, 2, 2, 1, anomaly, lower_anomaly);

static const mdg_variant statistics[] = {{"int8,int32,int32->int8", MDG_K_statistics_s8}};
MDG_RULE(statistics, 3, 3, 1, statistics, lower_statistics);
