/* SPDX-License-Identifier: MIT
 *
 * Trees as MidgeForest: tables of nodes, and leaves of which equal ones are kept once.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "classic/builder.h"
#include "classic/heads.h"

enum { VOTE = 64, LOGIT_UNITS = 1024 }; /* a tree's whole vote, and a logit of 1, in the leaves */

typedef struct leaves {
    int width, n;
    int16_t *values; /* [n][width] */
    int *of;         /* [leaves of the forest] to these */
} leaves;

static int find_leaf(leaves *l, const int16_t *values) {
    const size_t bytes = (size_t)l->width * sizeof *values;
    for (int i = 0; i < l->n; i++)
        if (memcmp(l->values + i * l->width, values, bytes) == 0) return i;
    memcpy(l->values + l->n * l->width, values, bytes);
    return l->n++;
}

static leaves round_leaves(const mdg_forest *f, float unit, mdg_arena *arena) {
    const size_t width = (size_t)f->width;
    leaves l = {.width = f->width};
    l.values = mdg_arena_array(arena, (size_t)f->n_leaves * width, sizeof *l.values);
    l.of = mdg_arena_array(arena, (size_t)f->n_leaves, sizeof *l.of);
    int16_t *row = mdg_arena_array(arena, width, sizeof *row);
    for (int i = 0; i < f->n_leaves; i++) {
        for (size_t k = 0; k < width; k++)
            row[k] = (int16_t)lrintf(fmaxf(-32767, fminf(32767, unit * f->leaf[(size_t)i * width + k])));
        l.of[i] = find_leaf(&l, row);
    }
    return l;
}

static int16_t child_of(const leaves *l, int child) {
    return (int16_t)(child < 0 ? -1 - l->of[-1 - child] : child);
}

/* A node that nothing leads to, where all trees are leaves: no tensor is empty. */
static const mdg_tree_node nowhere = {0, 0, {-1, -1}};

static mdg_status add_forest(mdg_builder *b, const mdg_forest *f, float unit) {
    mdg_arena *arena = b->graph->arena;
    const leaves l = round_leaves(f, unit, arena);
    const int n = f->n_nodes ? f->n_nodes : 1;
    if (n > INT16_MAX || l.n > INT16_MAX)
        return mdg_fail(b->diag, MDG_UNSUPPORTED,
                        "the forest has %d nodes and %d leaves, and the format has room for 32767 of each; "
                        "take fewer trees (model.trees) or less deep ones (model.depth)",
                        n, l.n);
    int16_t *root = mdg_arena_array(arena, (size_t)f->n_trees, sizeof *root);
    int16_t *feature = mdg_arena_array(arena, 3 * (size_t)n, sizeof *feature), *child = feature + n;
    int8_t *threshold = mdg_arena_array(arena, (size_t)n, sizeof *threshold);
    for (int t = 0; t < f->n_trees; t++) root[t] = child_of(&l, f->root[t]);
    for (int i = 0; i < n; i++) {
        const mdg_tree_node *node = f->n_nodes ? &f->nodes[i] : &nowhere;
        feature[i] = (int16_t)node->feature;
        threshold[i] = (int8_t)node->threshold;
        for (int side = 0; side < 2; side++) child[2 * i + side] = child_of(&l, node->child[side]);
    }
    mdg_builder_op op = {.code = MDG_OP_MIDGE_FOREST, .n_constants = 5, .type = MDG_INT32, .n = f->n_classes};
    op.constants[0] = mdg_builder_list(b, "roots", MDG_INT16, root, f->n_trees);
    op.constants[1] = mdg_builder_list(b, "features of nodes", MDG_INT16, feature, n);
    op.constants[2] = mdg_builder_list(b, "thresholds", MDG_INT8, threshold, n);
    op.constants[3] = mdg_builder_table(b, "children", MDG_INT16, child, n, 2);
    op.constants[4] = mdg_builder_table(b, "leaves", MDG_INT16, l.values, l.n, f->width);
    op.scale = f->width == 1 ? 1.0f / LOGIT_UNITS : 1.0f / (float)(VOTE * f->n_trees);
    mdg_builder_add(b, &op);
    return MDG_OK;
}

mdg_status mdg_build_forest(mdg_builder *b, const mdg_forest *f) {
    MDG_TRY(add_forest(b, f, VOTE));
    mdg_build_shares(b, f->n_classes);
    return MDG_OK;
}

mdg_status mdg_build_boosted(mdg_builder *b, const mdg_forest *f, const mdg_examples *e) {
    mdg_range_seen range = {0, 0};
    double *sums = mdg_arena_array(b->graph->arena, (size_t)f->n_classes, sizeof *sums);
    for (int i = 0; i < e->n; i++) {
        mdg_forest_sums(f, mdg_example(e, i), sums);
        mdg_see(&range, sums, f->n_classes);
    }
    MDG_TRY(add_forest(b, f, LOGIT_UNITS));
    const mdg_builder_op to_int8 = mdg_logits_op(MDG_OP_QUANTIZE, f->n_classes, &range);
    mdg_builder_add(b, &to_int8);
    mdg_build_softmax(b, f->n_classes);
    return MDG_OK;
}
