/* SPDX-License-Identifier: MIT
 *
 * Gradient boosting of the softmax: each round grows a tree for each class on what the earlier ones left
 * over, with Newton's steps (J. Friedman, Greedy Function Approximation, 2001; T. Chen, C. Guestrin, XGBoost,
 * 2016).
 */
#include <math.h>
#include <string.h>

#include "classic/forest.h"

enum { ROUNDS = 20, DEPTH = 4, MIN_EXAMPLES = 2, ALL_FEATURES = 64 };

static const float rate = 0.3f, drawn = 0.8f;
static const double damping = 1;

typedef struct booster {
    const mdg_examples *e;
    float *logits;               /* [n][n_classes] so far */
    float *probability;          /* [n][n_classes] by these */
    float *gradient, *curvature; /* [n] of one class */
    int *order;                  /* [n] */
} booster;

static void softmax_rows(const booster *b) {
    const int k = b->e->n_classes;
    for (int i = 0; i < b->e->n; i++) {
        const float *z = b->logits + i * k;
        float *p = b->probability + i * k, most = z[0], sum = 0;
        for (int c = 1; c < k; c++) most = fmaxf(most, z[c]);
        for (int c = 0; c < k; c++) sum += p[c] = expf(z[c] - most);
        for (int c = 0; c < k; c++) p[c] /= sum;
    }
}

/* The tree of one class: leaves are scaled by the rate, and the logits move along. */
static void grow(const booster *b, const mdg_tree_task *task, int class, mdg_rng *r, mdg_arena *arena,
                 mdg_forest *f) {
    const int k = b->e->n_classes, first_leaf = f->n_leaves;
    int n = 0;
    for (int i = 0; i < b->e->n; i++) {
        const float p = b->probability[i * k + class];
        b->gradient[i] = (b->e->y[i] == class ? 1.0f : 0.0f) - p;
        b->curvature[i] = fmaxf(p * (1 - p), 1e-6f);
        if (mdg_rng_uniform(r, 0, 1) < drawn) b->order[n++] = i;
    }
    mdg_tree_grow(task, b->order, n, r, arena, f);
    for (int l = first_leaf; l < f->n_leaves; l++) f->leaf[l] *= rate;
    mdg_forest newest = *f; /* the last tree alone, as a forest of one class */
    newest.root += f->n_trees - 1;
    newest.n_trees = newest.n_classes = 1;
    for (int i = 0; i < b->e->n; i++) {
        double step;
        mdg_forest_sums(&newest, b->e->x + (size_t)i * (size_t)b->e->n_features, &step);
        b->logits[i * k + class] += (float)step;
    }
}

mdg_status mdg_boost_train(const mdg_examples *e, const mdg_classic_opts *o, mdg_arena *arena,
                           const mdg_progress *progress, mdg_forest **out, mdg_diag *diag) {
    const int rounds = o->trees ? o->trees : ROUNDS, k = e->n_classes;
    const size_t n = (size_t)e->n, values = n * (size_t)k;
    float *numbers = mdg_arena_array(arena, 2 * values + 2 * n, sizeof *numbers);
    const booster b = {.e = e,
                       .logits = numbers,
                       .probability = numbers + values,
                       .gradient = numbers + 2 * values,
                       .curvature = numbers + 2 * values + n,
                       .order = mdg_arena_array(arena, n + 1, sizeof *b.order)};
    const mdg_tree_task task = {.examples = e,
                                .target = b.gradient,
                                .weight = b.curvature,
                                .damping = damping,
                                .max_depth = o->depth ? o->depth : DEPTH,
                                .min_examples = MIN_EXAMPLES,
                                .n_tried = e->n_features > ALL_FEATURES ? ALL_FEATURES : 0};
    *out = mdg_forest_new(arena, k, 1);
    for (int t = 0; t < rounds; t++) {
        softmax_rows(&b);
        for (int c = 0; c < k; c++) {
            mdg_rng r = mdg_rng_of(o->seed, (uint64_t)t * (uint64_t)k + (uint64_t)c);
            grow(&b, &task, c, &r, arena, *out);
        }
        if (!mdg_progress_report(progress, t + 1, rounds, "rounds"))
            return mdg_fail(diag, MDG_INTERRUPTED, "interrupted while boosting");
    }
    return MDG_OK;
}
