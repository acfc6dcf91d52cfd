/* SPDX-License-Identifier: MIT
 *
 * forest.h: trees, and what grows them: one tree, random forests, boosting.
 */
#ifndef MDG_CLASSIC_FOREST_H
#define MDG_CLASSIC_FOREST_H

#include "classic/classic.h"
#include "util/rng.h"

typedef struct mdg_tree_node {
    int feature, threshold; /* to child 0 where x[feature] <= threshold */
    int child[2];           /* >= 0: a node behind this one; < 0: leaf -1 - child */
} mdg_tree_node;

typedef struct mdg_forest {
    int n_classes, width; /* numbers a leaf: n_classes, or 1, and tree t tells of class t mod n_classes */
    int n_trees, n_nodes, n_leaves;
    int *root;            /* [n_trees] as a child */
    mdg_tree_node *nodes; /* [n_nodes] */
    float *leaf;          /* [n_leaves][width] */
} mdg_forest;

mdg_forest *mdg_forest_new(mdg_arena *arena, int n_classes, int width);

/* What a tree is to tell: of each example `width` targets and a weight. A leaf says (sum of targets) /
 * (sum of weights + damping): with a class's 0 or 1 as targets, the shares of the classes; with gradients and
 * second derivatives, Newton's step. Splits are those that lower the squared error most: for classes that is
 * Gini's measure. */
typedef struct mdg_tree_task {
    const mdg_examples *examples;
    const float *target; /* [n][width] */
    const float *weight; /* [n] */
    double damping;
    int max_depth, min_examples; /* of a leaf */
    int n_tried;                 /* features that a split looks at, drawn anew each time; 0 = all */
} mdg_tree_task;

/* Adds a tree grown on the examples of `order` [n], which is reordered. */
void mdg_tree_grow(const mdg_tree_task *task, int *order, int n, mdg_rng *r, mdg_arena *arena, mdg_forest *f);

/* The sums of all trees for one example: out [n_classes] */
void mdg_forest_sums(const mdg_forest *f, const int8_t *x, double *out);

mdg_status mdg_forest_train(const mdg_examples *e, const mdg_classic_opts *o, mdg_arena *arena,
                            const mdg_progress *progress, mdg_forest **out, mdg_diag *diag);

/* Softmax boosting. The sums are logits. */
mdg_status mdg_boost_train(const mdg_examples *e, const mdg_classic_opts *o, mdg_arena *arena,
                           const mdg_progress *progress, mdg_forest **out, mdg_diag *diag);

#endif
