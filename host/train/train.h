/* SPDX-License-Identifier: MIT
 *
 * train.h: trains a small network on the CPU with oneDNN and exports it as a float graph.
 *
 *     mdg_net_spec spec;
 *     mdg_net_architecture("ds_cnn", &params, input_shape, n_classes, arena, &spec, diag);
 *     mdg_net *net;
 *     mdg_net_new(&spec, seed, arena, &net, diag);
 *     mdg_train(net, &opts, &source, progress, &history, diag);
 *     mdg_net_export(net, arena, &graph, diag);    // batch norm folded, NHWC, softmax at the end
 */
#ifndef MDG_TRAIN_H
#define MDG_TRAIN_H

#include <stdbool.h>

#include "graph/graph.h"
#include "util/progress.h"
#include "util/rng.h"

typedef enum mdg_layer_kind {
    MDG_LAYER_CONV2D,
    MDG_LAYER_DEPTHWISE_CONV2D,
    MDG_LAYER_DENSE,
    MDG_LAYER_AVERAGE_POOL,
    MDG_LAYER_MAX_POOL,
    MDG_LAYER_GLOBAL_AVERAGE_POOL,
    MDG_LAYER_ADD, /* with the output of layer `with` */
    MDG_LAYER_FLATTEN,
    MDG_LAYER_DROPOUT
} mdg_layer_kind;

typedef enum mdg_activation { MDG_ACTIVATION_NONE, MDG_ACTIVATION_RELU, MDG_ACTIVATION_RELU6 } mdg_activation;

/* One layer; fields that a kind does not use are 0. Padding is TFLite's SAME or VALID. */
typedef struct mdg_layer_spec {
    mdg_layer_kind kind;
    int from;                  /* index of the layer it reads; -1 = the network's input. Set by the builder */
    int with;                  /* ADD: the other operand */
    int filters;               /* CONV2D: output channels; DENSE: units; DEPTHWISE: multiplier */
    int kernel_h, kernel_w, stride_h, stride_w;
    bool same;                 /* SAME padding, else VALID */
    bool batch_norm;
    mdg_activation activation;
    float rate;                /* DROPOUT */
} mdg_layer_spec;

typedef struct mdg_net_spec {
    int in_h, in_w, in_c;
    int n_layers, n_classes;
    mdg_layer_spec *layers;
} mdg_net_spec;

typedef struct mdg_architecture_opts {
    int width;                 /* filters of the body; 0 = the architecture's default */
    int depth;                 /* blocks; 0 = default */
    float dropout;
} mdg_architecture_opts;

/* Known: "mlp", "ds_cnn". Returns MDG_NOT_FOUND naming the known ones. */
mdg_status mdg_net_architecture(const char *name, const mdg_architecture_opts *opts, int in_h, int in_w, int in_c,
                                int n_classes, mdg_arena *arena, mdg_net_spec *out, mdg_diag *diag);

typedef struct mdg_train_opts {
    const char *optimizer;     /* "adam", "sgd" */
    const char *schedule;      /* "cosine", "step", "constant" */
    int epochs, batch, warmup_epochs, step_epochs;
    float learning_rate, momentum, weight_decay, step_factor, label_smoothing;
    int patience;              /* early stopping after this many epochs without a better validation loss; 0 = off */
    uint64_t seed;
    const char *checkpoint;    /* path of the checkpoint, written after every epoch; NULL = none */
    bool resume;               /* go on from it */
    int workers;               /* threads, 1 or 2; the result does not depend on it */
} mdg_train_opts;

/* Where samples come from. fill is called from several threads at once; it must depend on its arguments only.
 * train: x is one sample [in_h][in_w][in_c], y its target distribution [n_classes]. */
typedef struct mdg_train_source {
    void *context;
    int n_train, n_validation;
    void (*fill)(void *context, bool validation, int index, mdg_rng *augment /* NULL: plain */, float *x, float *y);
    const float *class_weights; /* NULL = 1 */
} mdg_train_source;

typedef struct mdg_epoch {
    float loss, accuracy, validation_loss, validation_accuracy, learning_rate, seconds;
} mdg_epoch;

typedef struct mdg_history {
    int n_epochs, best_epoch;
    mdg_epoch *epochs;
} mdg_history;

typedef struct mdg_net mdg_net;

mdg_status mdg_net_new(const mdg_net_spec *spec, uint64_t seed, mdg_arena *arena, mdg_net **out, mdg_diag *diag);
void mdg_net_free(mdg_net *net);
size_t mdg_net_parameters(const mdg_net *net);

/* Ends with the best weights (by validation loss) in net. Returns MDG_INTERRUPTED after Ctrl-C, with a checkpoint. */
mdg_status mdg_train(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                     const mdg_progress *progress, mdg_history *history, mdg_diag *diag);

/* A float32 graph with input [1][in_h][in_w][in_c] and output [1][n_classes] after SOFTMAX. */
mdg_status mdg_net_export(const mdg_net *net, mdg_arena *arena, mdg_graph **out, mdg_diag *diag);

#endif
