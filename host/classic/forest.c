/* SPDX-License-Identifier: MIT
 *
 * One tree, and random forests: trees on examples drawn with replacement, whose splits look at a few features
 * each (L. Breiman, Random Forests, 2001).
 */
#include "classic/forest.h"

#include <math.h>

enum { FOREST_TREES = 30, FOREST_DEPTH = 10, TREE_DEPTH = 6 };

/* Rare classes count for more, so that all classes together weigh the same. */
static void class_targets(const mdg_examples *e, float *target, float *weight, mdg_arena *arena) {
    int *count = mdg_arena_array(arena, (size_t)e->n_classes, sizeof *count);
    for (int i = 0; i < e->n; i++) count[e->y[i]]++;
    for (int i = 0; i < e->n; i++) {
        weight[i] = (float)e->n / ((float)e->n_classes * (float)count[e->y[i]]);
        target[i * e->n_classes + e->y[i]] = weight[i];
    }
}

mdg_status mdg_forest_train(const mdg_examples *e, const mdg_classic_opts *o, mdg_arena *arena,
                            const mdg_progress *progress, mdg_forest **out, mdg_diag *diag) {
    const bool single = o->kind == MDG_CLASSIC_TREE;
    const int n_trees = single ? 1 : o->trees ? o->trees : FOREST_TREES;
    const size_t n = (size_t)e->n;
    float *target = mdg_arena_array(arena, n * (size_t)e->n_classes, sizeof *target);
    float *weight = mdg_arena_array(arena, n, sizeof *weight);
    int *order = mdg_arena_array(arena, n, sizeof *order);
    class_targets(e, target, weight, arena);
    const mdg_tree_task task = {.examples = e,
                                .target = target,
                                .weight = weight,
                                .max_depth = o->depth ? o->depth
                                             : single ? TREE_DEPTH
                                                      : FOREST_DEPTH,
                                .min_examples = single ? 2 : 1,
                                .n_tried = single ? 0 : 1 + (int)sqrt(e->n_features)};
    *out = mdg_forest_new(arena, e->n_classes, e->n_classes);
    for (int t = 0; t < n_trees; t++) {
        mdg_rng r = mdg_rng_of(o->seed, (uint64_t)t);
        for (int i = 0; i < e->n; i++) order[i] = single ? i : (int)mdg_rng_below(&r, (uint32_t)e->n);
        mdg_tree_grow(&task, order, e->n, &r, arena, *out);
        if (!mdg_progress_report(progress, t + 1, n_trees, "trees"))
            return mdg_fail(diag, MDG_INTERRUPTED, "interrupted while growing trees");
    }
    return MDG_OK;
}
