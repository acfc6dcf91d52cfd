/* SPDX-License-Identifier: MIT
 *
 * classic.h: learning without networks: trees, forests, boosting, neighbours, linear and logistic models,
 * Gaussians, k-means, mixtures, Mahalanobis distance. What is learned is a graph of int8 operators, as if it
 * came from quantisation, so that every later stage takes it as any other model (docs/CLASSIC.md).
 *
 *     mdg_classic_kind kind;
 *     mdg_classic_find("random_forest", &kind);
 *     mdg_classic_opts opts = {.kind = kind, .seed = 1};
 *     mdg_classic_shape in = {.frames = 12, .width = 30, .scale = 0.05f};
 *     mdg_classic_train(&examples, &opts, &in, arena, progress, &graph, diag);
 *
 * Learners see the very int8 values that the device will see: thresholds are integers, and nothing is lost by
 * quantisation afterwards. Same examples and seed, same graph.
 */
#ifndef MDG_CLASSIC_H
#define MDG_CLASSIC_H

#include "graph/graph.h"
#include "util/progress.h"

/* X(name, member) */
#define MDG_CLASSIC_KINDS(X)                                                                                 \
    X(tree, TREE)                                                                                            \
    X(random_forest, RANDOM_FOREST)                                                                          \
    X(boosted_trees, BOOSTED_TREES)                                                                          \
    X(neighbours, NEIGHBOURS)                                                                                \
    X(linear, LINEAR)                                                                                        \
    X(logistic, LOGISTIC)                                                                                    \
    X(naive_bayes, NAIVE_BAYES)                                                                              \
    X(kmeans, KMEANS)                                                                                        \
    X(gmm, GMM)                                                                                              \
    X(mahalanobis, MAHALANOBIS)

typedef enum mdg_classic_kind {
#define X(name, member) MDG_CLASSIC_##member,
    MDG_CLASSIC_KINDS(X)
#undef X
        MDG_CLASSIC_COUNT
} mdg_classic_kind;

/* False where no classical learner has this name; names: "tree, random_forest, ..." */
bool mdg_classic_find(const char *name, mdg_classic_kind *out);
extern const char *const mdg_classic_names[MDG_CLASSIC_COUNT];

/* Learns what is normal from examples of it alone, in place of classes. */
static inline bool mdg_classic_finds_anomalies(mdg_classic_kind kind) {
    return kind == MDG_CLASSIC_KMEANS || kind == MDG_CLASSIC_GMM || kind == MDG_CLASSIC_MAHALANOBIS;
}

/* Examples in the order of their recordings */
typedef struct mdg_examples {
    int n, n_features, n_classes;
    const int8_t *x; /* [n][n_features] */
    const int *y;    /* [n] */
} mdg_examples;

/* 0 = the learner's own */
typedef struct mdg_classic_opts {
    mdg_classic_kind kind;
    int trees;      /* of a forest; rounds of boosting */
    int depth;      /* of a tree */
    int neighbours; /* that vote: 1 to 16 */
    int prototypes; /* neighbours: at most so many; kmeans, gmm: centres a class */
    int statistics; /* rows over time become their mean, deviation, least and largest value, so many of these;
                       0: all values as they are */
    bool is_anomaly;    /* all examples are normal */
    float false_alarms; /* anomaly: share of normal examples above the threshold */
    uint64_t seed;
} mdg_classic_opts;

typedef struct mdg_classic_shape {
    int h, w, c;       /* of the model's input tensor */
    int frames, width; /* frames * width = h * w * c */
    float scale;       /* of the input's int8 values, zero point 0 */
} mdg_classic_shape;

/* The graph has one int8 input, and one int8 output of scale 1/256 from -128: the score of each class; of an
 * anomaly: normal and anomaly, whose scores are equal at the threshold.
 * Returns MDG_OK, MDG_INVALID (a class without examples, too few of them), MDG_UNSUPPORTED (a model too large
 * for the format, or no form of it for this kind), or MDG_INTERRUPTED. */
mdg_status mdg_classic_train(const mdg_examples *e, const mdg_classic_opts *opts, const mdg_classic_shape *in,
                             mdg_arena *arena, const mdg_progress *progress, mdg_graph **out, mdg_diag *diag);

#endif
