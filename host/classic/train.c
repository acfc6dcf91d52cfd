/* SPDX-License-Identifier: MIT
 *
 * From examples to a graph: statistics over time, a learner, scores.
 */
#include "classic/anomaly.h"

enum { PROTOTYPES = 64, NEIGHBOURS = 1, CENTRES = 4, MOST_NEIGHBOURS = 16, MOST_CLASSES = 256 };

static mdg_status add_neighbours(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o) {
    mdg_arena *arena = b->graph->arena;
    const int most = o->prototypes ? o->prototypes : PROTOTYPES,
              k = o->neighbours ? o->neighbours : NEIGHBOURS;
    int *chosen = mdg_arena_array(arena, (size_t)(most > e->n ? most : e->n), sizeof *chosen);
    if (k > MOST_NEIGHBOURS)
        return mdg_fail(b->diag, MDG_UNSUPPORTED, "%d neighbours: at most %d can vote", k, MOST_NEIGHBOURS);
    mdg_rng r = mdg_rng_of(o->seed, 0);
    int n = e->n;
    for (int i = 0; i < e->n; i++) chosen[i] = i;
    if (n > most) n = mdg_condense(e, most, k > 1, &r, arena, chosen);
    mdg_build_neighbours(b, e, chosen, n, k);
    return MDG_OK;
}

static mdg_status add_gaussians(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o) {
    mdg_arena *arena = b->graph->arena;
    const int centres = o->prototypes ? o->prototypes : CENTRES;
    mdg_gaussians g;
    if (o->kind == MDG_CLASSIC_NAIVE_BAYES) mdg_naive_bayes_train(e, arena, &g);
    if (o->kind == MDG_CLASSIC_KMEANS) mdg_kmeans_train(e, centres, o->seed, arena, &g);
    if (o->kind == MDG_CLASSIC_GMM) mdg_gmm_train(e, centres, o->seed, arena, &g);
    mdg_build_gaussians(b, &g, e->n_classes);
    return MDG_OK;
}

static mdg_status add_trees(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o,
                            const mdg_progress *progress) {
    mdg_forest *f;
    if (o->kind == MDG_CLASSIC_BOOSTED_TREES) {
        MDG_TRY(mdg_boost_train(e, o, b->graph->arena, progress, &f, b->diag));
        return mdg_build_boosted(b, f, e);
    }
    MDG_TRY(mdg_forest_train(e, o, b->graph->arena, progress, &f, b->diag));
    return mdg_build_forest(b, f);
}

static mdg_status add_linear(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o,
                             const mdg_progress *progress) {
    mdg_linear l;
    if (o->kind == MDG_CLASSIC_LOGISTIC)
        MDG_TRY(mdg_logistic_train(e, b->graph->arena, progress, &l, b->diag));
    else
        mdg_linear_train(e, b->graph->arena, &l);
    return mdg_build_linear(b, &l, e, b->sub->tensors[b->at].quant.scale[0]);
}

static mdg_status add_classifier(mdg_builder *b, const mdg_examples *e, const mdg_classic_opts *o,
                                 const mdg_progress *progress) {
    switch (o->kind) {
    case MDG_CLASSIC_TREE:
    case MDG_CLASSIC_RANDOM_FOREST:
    case MDG_CLASSIC_BOOSTED_TREES: return add_trees(b, e, o, progress);
    case MDG_CLASSIC_LINEAR:
    case MDG_CLASSIC_LOGISTIC: return add_linear(b, e, o, progress);
    case MDG_CLASSIC_NEIGHBOURS: return add_neighbours(b, e, o);
    case MDG_CLASSIC_NAIVE_BAYES:
    case MDG_CLASSIC_KMEANS:
    case MDG_CLASSIC_GMM: return add_gaussians(b, e, o);
    case MDG_CLASSIC_MAHALANOBIS:
    case MDG_CLASSIC_COUNT: break;
    }
    return mdg_fail(b->diag, MDG_INVALID,
                    "mahalanobis tells the normal from all else: list the normal classes in model.normal");
}

static mdg_status check(const mdg_examples *e, mdg_arena *arena, mdg_diag *diag) {
    int *count = mdg_arena_array(arena, (size_t)e->n_classes, sizeof *count);
    for (int i = 0; i < e->n; i++) count[e->y[i]]++;
    if (e->n_classes > MOST_CLASSES)
        return mdg_fail(diag, MDG_UNSUPPORTED, "%d classes: at most %d are possible", e->n_classes,
                        MOST_CLASSES);
    for (int c = 0; c < e->n_classes; c++)
        if (count[c] == 0)
            return mdg_fail(diag, MDG_INVALID, "class number %d has no clips for training", c + 1);
    return MDG_OK;
}

mdg_status mdg_classic_train(const mdg_examples *e, const mdg_classic_opts *opts, const mdg_classic_shape *in,
                             mdg_arena *arena, const mdg_progress *progress, mdg_graph **out,
                             mdg_diag *diag) {
    mdg_builder b = mdg_builder_new(in, arena, diag);
    mdg_examples seen = *e;
    MDG_TRY(check(e, arena, diag));
    if (opts->statistics && in->frames > 1) MDG_TRY(mdg_build_statistics(&b, e, in, opts->statistics, &seen));
    if (opts->is_anomaly && !mdg_classic_finds_anomalies(opts->kind))
        return mdg_fail(
            diag, MDG_INVALID,
            "%s learns from examples of all classes; model.normal is for kmeans, gmm and mahalanobis",
            mdg_classic_names[opts->kind]);
    MDG_TRY(opts->is_anomaly ? mdg_anomaly_train(&b, &seen, opts)
                             : add_classifier(&b, &seen, opts, progress));
    *out = mdg_builder_graph(&b);
    return MDG_OK;
}
