/* SPDX-License-Identifier: MIT
 *
 * Growing one tree. Features are int8, so a histogram with one bin a value loses nothing: a split costs one
 * pass over its examples for each feature, however many there are.
 */
#include <string.h>

#include "classic/forest.h"

enum { BINS = 256 };

static const double least_gain = 1e-9;

typedef struct split {
    int feature, threshold;
    double gain;
} split;

typedef struct grower {
    const mdg_tree_task *task;
    mdg_forest *forest;
    mdg_arena *arena;
    mdg_rng *rng;
    double *bins;         /* [BINS][width + 2]: targets, weight, examples */
    double *left, *total; /* [width + 2] */
    uint32_t *features;   /* [n_features] */
} grower;

mdg_forest *mdg_forest_new(mdg_arena *arena, int n_classes, int width) {
    mdg_forest *f = mdg_arena_alloc(arena, sizeof *f);
    f->n_classes = n_classes;
    f->width = width;
    return f;
}

/* An array that has room for one more; its capacity is a power of two. */
static void *with_room(mdg_arena *arena, void *array, int n, size_t size) {
    if (n & (n - 1)) return array;
    void *larger = mdg_arena_array(arena, n ? 2 * (size_t)n : 1, size);
    if (n) memcpy(larger, array, (size_t)n * size);
    return larger;
}

static void add_example(const grower *g, int i, double *sums) {
    const int width = g->forest->width;
    const float *target = g->task->target + (size_t)i * (size_t)width;
    for (int k = 0; k < width; k++) sums[k] += (double)target[k];
    sums[width] += (double)g->task->weight[i];
    sums[width + 1] += 1;
}

static int add_leaf(grower *g, const double *sums) {
    mdg_forest *f = g->forest;
    const size_t width = (size_t)f->width;
    f->leaf = with_room(g->arena, f->leaf, f->n_leaves, width * sizeof *f->leaf);
    for (size_t k = 0; k < width; k++)
        f->leaf[(size_t)f->n_leaves * width + k] = (float)(sums[k] / (sums[width] + g->task->damping));
    return -1 - f->n_leaves++;
}

/* How much the squared error falls when these examples get a leaf of their own */
static double score(const grower *g, const double *sums) {
    const int width = g->forest->width;
    double squares = 0;
    for (int k = 0; k < width; k++) squares += sums[k] * sums[k];
    return squares / (sums[width] + g->task->damping + 1e-12);
}

static void try_feature(grower *g, int feature, const int *order, int n, split *best) {
    const mdg_examples *e = g->task->examples;
    const int columns = g->forest->width + 2, last = columns - 1;
    const double least = g->task->min_examples, whole = score(g, g->total);
    memset(g->bins, 0, (size_t)(BINS * columns) * sizeof *g->bins);
    for (int i = 0; i < n; i++) {
        const int8_t v = e->x[(size_t)order[i] * (size_t)e->n_features + (size_t)feature];
        add_example(g, order[i], g->bins + (v + BINS / 2) * columns);
    }
    memset(g->left, 0, (size_t)columns * sizeof *g->left);
    int empty = 0; /* bins without examples before this one: the threshold goes into the middle of the gap */
    for (int b = 0; b < BINS; b++) {
        double *bin = g->bins + b * columns;
        const double here = bin[last];
        if (here > 0 && g->left[last] >= least && g->total[last] - g->left[last] >= least) {
            double right = 0, squares = 0, left = score(g, g->left);
            for (int k = 0; k < columns - 2; k++) {
                right = g->total[k] - g->left[k];
                squares += right * right;
            }
            const double weight = g->total[last - 1] - g->left[last - 1];
            const double gain = left + squares / (weight + g->task->damping + 1e-12) - whole;
            if (gain > best->gain) *best = (split){feature, b - BINS / 2 - 1 - empty / 2, gain};
        }
        for (int k = 0; k < columns; k++) g->left[k] += bin[k];
        empty = here > 0 ? 0 : empty + 1;
    }
}

static split best_split(grower *g, const int *order, int n) {
    const int n_features = g->task->examples->n_features;
    const int tried = g->task->n_tried ? g->task->n_tried : n_features;
    split best = {.gain = least_gain};
    for (int k = 0; k < tried && k < n_features; k++) {
        if (tried < n_features) { /* the first of a shuffle, as far as it is needed */
            const uint32_t other = (uint32_t)k + mdg_rng_below(g->rng, (uint32_t)(n_features - k));
            const uint32_t chosen = g->features[other];
            g->features[other] = g->features[k];
            g->features[k] = chosen;
        }
        try_feature(g, (int)g->features[k], order, n, &best);
    }
    return best;
}

/* Examples that go to child 0 first; returns how many. */
static int partition(const grower *g, const split *s, int *order, int n) {
    const mdg_examples *e = g->task->examples;
    int first = 0;
    for (int i = 0; i < n; i++) {
        const int example = order[i];
        if (e->x[(size_t)example * (size_t)e->n_features + (size_t)s->feature] > s->threshold) continue;
        order[i] = order[first];
        order[first++] = example;
    }
    return first;
}

/* The root of a tree of these examples, as a child */
static int grow(grower *g, int *order, int n, int depth) {
    const int columns = g->forest->width + 2;
    memset(g->total, 0, (size_t)columns * sizeof *g->total);
    for (int i = 0; i < n; i++) add_example(g, order[i], g->total);
    split s = {.gain = 0};
    if (depth < g->task->max_depth && n >= 2 * g->task->min_examples) s = best_split(g, order, n);
    if (s.gain <= least_gain) return add_leaf(g, g->total);
    mdg_forest *f = g->forest;
    const int node = f->n_nodes++, first = partition(g, &s, order, n);
    f->nodes = with_room(g->arena, f->nodes, node, sizeof *f->nodes);
    f->nodes[node].feature = s.feature;
    f->nodes[node].threshold = s.threshold;
    for (int side = 0; side < 2; side++) {
        const int child = grow(g, side ? order + first : order, side ? n - first : first, depth + 1);
        f->nodes[node].child[side] = child;
    }
    return node;
}

void mdg_tree_grow(const mdg_tree_task *task, int *order, int n, mdg_rng *r, mdg_arena *arena,
                   mdg_forest *f) {
    const size_t columns = (size_t)f->width + 2;
    grower g = {.task = task, .forest = f, .arena = arena, .rng = r};
    g.bins = mdg_arena_array(arena, BINS * columns, sizeof *g.bins);
    g.left = mdg_arena_array(arena, 2 * columns, sizeof *g.left);
    g.total = g.left + columns;
    g.features = mdg_arena_array(arena, (size_t)task->examples->n_features, sizeof *g.features);
    for (int k = 0; k < task->examples->n_features; k++) g.features[k] = (uint32_t)k;
    f->root = with_room(arena, f->root, f->n_trees, sizeof *f->root);
    const int root = grow(&g, order, n, 0);
    f->root[f->n_trees++] = root;
}

void mdg_forest_sums(const mdg_forest *f, const int8_t *x, double *out) {
    for (int k = 0; k < f->n_classes; k++) out[k] = 0;
    for (int t = 0; t < f->n_trees; t++) {
        int at = f->root[t];
        while (at >= 0) at = f->nodes[at].child[x[f->nodes[at].feature] > f->nodes[at].threshold];
        const int first = f->width == 1 ? t % f->n_classes : 0;
        for (int k = 0; k < f->width; k++) out[first + k] += (double)f->leaf[(-1 - at) * f->width + k];
    }
}
