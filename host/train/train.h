/* SPDX-License-Identifier: MIT
 *
 * train.h: trains a small network on the CPU with oneDNN and exports it as a float graph.
 *
 *     mdg_net_spec spec;
 *     mdg_net_architecture("ds_cnn", &params, input_shape, n_classes, arena, &spec, diag);
 *     mdg_net *net;
 *     mdg_net_new(&spec, seed, arena, &net, diag);
 *     mdg_net_start_from(net, model, false, &transfer, diag);   // optional: another model's weights
 *     mdg_train(net, &opts, &source, progress, &history, diag);
 *     mdg_net_export(net, arena, &graph, diag);    // batch norm folded, NHWC, softmax at the end
 *     mdg_net_free(net);
 *
 * Inside: a batch is always cut into two shards, each with primitives, activations and gradients of its own;
 * their gradients are added in fixed order once a step. So one or two threads compute the same sums.
 */
#ifndef MDG_TRAIN_H
#define MDG_TRAIN_H

#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>

#include "graph/graph.h"
#include "parallel/parallel.h"
#include "util/object.h"
#include "util/progress.h"
#include "util/rng.h"

/* Kinds of layers and their names in text. */
#define MDG_LAYER_LIST(X)                                                                                    \
    X(CONV2D, "conv2d")                                                                                      \
    X(DEPTHWISE_CONV2D, "depthwise_conv2d")                                                                  \
    X(DENSE, "dense") /* of all values of its input, in the order [h][w][c] */                               \
    X(AVERAGE_POOL, "average_pool")                                                                          \
    X(MAX_POOL, "max_pool")                                                                                  \
    X(GLOBAL_AVERAGE_POOL, "global_average_pool")                                                            \
    X(ADD, "add")       /* with the output of layer `with` */                                                \
    X(CONCAT, "concat") /* its channels behind the input's: those of layer `with` */                         \
    X(FLATTEN, "flatten")                                                                                    \
    X(RESHAPE, "reshape") /* the same values as [kernel_h][kernel_w][what remains] */                        \
    X(LSTM, "lstm") /* over the height as time, all else is what a step reads; the last step's output */     \
    X(GRU, "gru")   /* the same; the reset gate behind the matrix, as cuDNN and Keras */                     \
    X(DROPOUT, "dropout")

typedef enum mdg_layer_kind {
#define MDG_LAYER_ENUM(name, text) MDG_LAYER_##name,
    MDG_LAYER_LIST(MDG_LAYER_ENUM)
#undef MDG_LAYER_ENUM
        MDG_LAYER_KINDS
} mdg_layer_kind;

typedef enum mdg_activation { MDG_ACTIVATION_NONE, MDG_ACTIVATION_RELU, MDG_ACTIVATION_RELU6 } mdg_activation;

/* One layer; fields that a kind does not use are 0. Padding is TFLite's SAME or VALID. */
typedef struct mdg_layer_spec {
    mdg_layer_kind kind;
    int from;    /* index of the layer it reads; -1 = the network's input. Set by the builder */
    int with;    /* ADD, CONCAT: the other operand */
    int filters; /* CONV2D: output channels; DENSE, LSTM, GRU: units; DEPTHWISE: multiplier, 0 = 1 */
    int kernel_h, kernel_w;    /* RESHAPE: height and width of the output; 0 = the input's height, and 1 */
    int stride_h, stride_w;    /* 0 = 1, and of pools 0 = the kernel */
    bool same;                 /* SAME padding, else VALID */
    bool batch_norm;           /* CONV2D, DEPTHWISE, DENSE; takes the place of the bias */
    mdg_activation activation; /* CONV2D, DEPTHWISE, DENSE, ADD */
    bool sequence;             /* LSTM, GRU: the outputs of all steps, [time][1][units] */
    float rate;                /* DROPOUT: the share of values dropped */
} mdg_layer_spec;

/* What the network learns, and so what its last layer must give. */
typedef enum mdg_objective {
    MDG_OBJECTIVE_CLASSES, /* n_classes values: softmax over them against a distribution */
    MDG_OBJECTIVE_MAP, /* [h][w][n_classes]: softmax over each cell's values against its distribution; class 0
                          is the background */
    MDG_OBJECTIVE_INPUT /* as many values as the input has: mean squared distance from the input itself */
} mdg_objective;

typedef struct mdg_net_spec {
    int in_h, in_w, in_c;
    int n_layers, n_classes;
    mdg_layer_spec *layers;
    mdg_objective objective;
    int weight_bits; /* 4 or 8: computes with what integers will stand for (fake.h); 0 = float */
} mdg_net_spec;

/* Checks that shapes fit and that each output is read. Returns MDG_OK, or MDG_INVALID naming layer and cause.
 */
mdg_status mdg_net_spec_check(const mdg_net_spec *spec, mdg_diag *diag);

/* Of the input and the classes alone. */
mdg_status mdg_net_spec_check_input(const mdg_net_spec *spec, mdg_diag *diag);

const char *mdg_layer_text(mdg_layer_kind kind); /* "conv2d" */

/* 0 = the architecture's default. Which of them an architecture takes: docs/TRAINING.md. */
typedef struct mdg_architecture_opts {
    int width; /* filters of the body */
    int depth; /* blocks */
    float dropout;
    float multiplier; /* of all widths */
    int kernel;       /* of convolutions over time: frames */
    int segments;     /* of time, that the last layer tells apart */
    int bottleneck;   /* values in the narrowest layer */
    const char *cell; /* "gru" or "lstm" */
    int valid;        /* 1: convolutions without padding, so that the model can be streamed (pass/stream.h) */
} mdg_architecture_opts;

const char *mdg_architecture_names(mdg_arena *arena); /* "mlp, ds_cnn, ..." */

/* n_classes: what is told apart; centroid, whose objective is a map, adds the background as class 0. Returns
 * MDG_OK; MDG_NOT_FOUND naming the known architectures, MDG_INVALID for an option that it does not take. */
mdg_status mdg_net_architecture(const char *name, const mdg_architecture_opts *opts, int in_h, int in_w,
                                int in_c, int n_classes, mdg_arena *arena, mdg_net_spec *out, mdg_diag *diag);

typedef struct mdg_train_opts {
    const char *optimizer; /* "adam", "adamw", "sgd" */
    const char *schedule;  /* "cosine", "step", "plateau", "constant"; warm-up before each is linear */
    int epochs;
    int batch; /* rounded up to a multiple of the shards */
    int warmup_epochs;
    int step_epochs; /* "step": learning_rate * step_factor^(epoch / step_epochs); "plateau": falls by
                        step_factor after so many epochs without a better validation loss */
    float learning_rate;
    float momentum;     /* sgd */
    bool nesterov;      /* sgd */
    float weight_decay; /* of weights only; adam and sgd: in the gradient, adamw: decoupled */
    float step_factor;
    float label_smoothing;
    float gradient_clip; /* longest gradient, over all parameters together; longer ones are scaled; 0 = off */
    float average;       /* the result is a moving average of the weights, of which each step keeps this share
                            (less in the beginning), and which validation looks at; 0 = off */
    float teacher_share; /* of the loss that follows the teacher, where there is one; the rest follows the
                            truth */
    float temperature;   /* by which both are softened for that */
    int freeze;          /* the first layers, as many, keep their numbers; for nets that start from a model */
    bool balanced;       /* every class is drawn equally often; needs the source's labels */
    int patience;        /* early stopping after this many epochs without a better validation loss; 0 = off */
    uint64_t seed;       /* order of samples, augmentation, dropout */
    const char *checkpoint; /* path of the checkpoint, written after every epoch; NULL = none */
    const char
        *curves; /* folder for training.csv and training.jsonl, written after every epoch; NULL = none */
    bool resume; /* go on from it; where there is none yet, begin */
    int workers; /* threads, 1 (also for 0) or 2; the result does not depend on it */
    int shards;  /* that a batch is cut into, up to 64; batch norm sees each alone. 0 = 2; a multiple of the
                    number of processes */
    const mdg_parallel *parallel; /* processes that share the shards; all train, with the same result, and the
                                     first one writes the checkpoint. NULL = alone */
} mdg_train_opts;

typedef struct mdg_net mdg_net;

/* Where samples come from. fill is called from several threads at once; it must depend on its arguments only.
 * x is one sample [in_h][in_w][in_c], y its target: the distribution over [n_classes]; a map of those,
 * [h][w][n_classes] as mdg_net_output_shape says (mdg_map_target writes it), for MDG_OBJECTIVE_MAP; NULL
 * where the input is the target (MDG_OBJECTIVE_INPUT). */
typedef struct mdg_train_source {
    void *context;
    int n_train, n_validation;
    void (*fill)(void *context, bool validation, int index, mdg_rng *augment /* NULL: plain */, float *x,
                 float *y);
    const float *class_weights; /* [n_classes]; NULL = 1. Of a map: of its cells, by their truth; objects are
                                   few among much background and need far more, such as 50. None of INPUT */
    const int *labels;          /* [n_train] class of each training sample; NULL: not known */
    /* Writes the probabilities that a teacher gives a training sample, as fill made it; NULL: there is none.
     * Called as fill is. */
    void (*teach)(void *teacher, const float *x, float *q);
    void *teacher;
    /* Or a net of the same input and classes that teaches, a whole batch at a time; NULL: none. Asked only
     * where teach is NULL. */
    const mdg_net *elder;
} mdg_train_source;

/* The target of a map: in the cell that holds an object's centre its class, 1, 2, ...; elsewhere class 0, the
 * background. Of two objects in one cell the later one counts; centres outside are passed over. */
void mdg_map_target(const mdg_object *objects, int n, int h, int w, int n_classes, float *y);

/* What is kept of an epoch, besides its seconds. gradient_norm: the mean over its steps, before clipping. */
#define MDG_EPOCH_FIGURES(X)                                                                                 \
    X(loss)                                                                                                  \
    X(accuracy)                                                                                              \
    X(validation_loss)                                                                                       \
    X(validation_accuracy)                                                                                   \
    X(learning_rate)                                                                                         \
    X(gradient_norm)

typedef struct mdg_epoch {
#define MDG_EPOCH_FIELD(name) float name;
    MDG_EPOCH_FIGURES(MDG_EPOCH_FIELD)
#undef MDG_EPOCH_FIELD
    float seconds;
} mdg_epoch;

typedef struct mdg_history {
    int n_epochs;
    int best_epoch;    /* index into epochs; the weights of its end are the result */
    mdg_epoch *epochs; /* in the arena that mdg_net_new was given */
} mdg_history;

/* Makes the net with He-normal weights drawn by seed. Histories of training live in arena, the net itself
 * until mdg_net_free. Returns MDG_OK or what mdg_net_spec_check says. */
mdg_status mdg_net_new(const mdg_net_spec *spec, uint64_t seed, mdg_arena *arena, mdg_net **out,
                       mdg_diag *diag);
void mdg_net_free(mdg_net *net);
void mdg_net_output_shape(const mdg_net *net, int *h, int *w, int *c);
size_t
mdg_net_parameters(const mdg_net *net); /* trained ones: weights, biases, scales and shifts of batch norm */

/* Writes the layers as a table: output shape, parameters, multiplications. */
void mdg_net_print(const mdg_net *net, FILE *out);

/* {"input": [h, w, c], "parameters", "macs", "layers": [{"layer", "kind", "reads", "output", "parameters",
 * "macs"}]}: layers are counted from 1, what they read is a layer or 0, the input. */
json_t *mdg_net_json(const mdg_net *net);

typedef struct mdg_transfer {
    int n_loaded, n_weighted; /* layers that got weights, of those that have any */
} mdg_transfer;

/* Goes through the convolutions and dense layers of both in order: each layer of the net takes the next
 * operator of the model with weights of the same kind and shape (float32, or int8 with its scales). Batch
 * norm becomes what adds the model's bias; mdg_train then finds statistics for it. new_head: the last layer
 * of the net keeps its random weights. Returns MDG_OK, or MDG_INVALID where no layer fits but the last. */
mdg_status mdg_net_start_from(mdg_net *net, const mdg_graph *model, bool new_head, mdg_transfer *out,
                              mdg_diag *diag);

/* Trains, and ends with the best weights in net: those of the epoch with the lowest validation loss, or the
 * last ones when there are no validation samples. The same seed, settings and data give the same bits on the
 * same kind of CPU, however many workers there are and however often the training was interrupted and
 * resumed. progress hears of every step (in epochs, text NULL) and of every epoch (text: its figures).
 * Returns MDG_OK; MDG_INVALID for settings that make no sense, a checkpoint that belongs to something else,
 * or a loss that is no number any more; MDG_IO; MDG_UNSUPPORTED from oneDNN; MDG_INTERRUPTED after Ctrl-C:
 * the checkpoint holds the last whole epoch. */
mdg_status mdg_train(mdg_net *net, const mdg_train_opts *opts, const mdg_train_source *source,
                     const mdg_progress *progress, mdg_history *history, mdg_diag *diag);

/* What the exported graph gives for n samples, x [n][in_h][in_w][in_c]: probabilities [n][n_classes] or
 * [n][h][w][n_classes], or the input reproduced, [n][in_h * in_w * in_c].
 * Returns MDG_OK or MDG_UNSUPPORTED from oneDNN. */
mdg_status mdg_net_predict(const mdg_net *net, const float *x, int n, float *out, mdg_diag *diag);

/* A float32 graph with input [1][in_h][in_w][in_c] and output [1][n_classes] (a map: [1][h][w][n_classes])
 * after SOFTMAX, or what the last layer gives where the net reproduces its input. */
mdg_status mdg_net_export(const mdg_net *net, mdg_arena *arena, mdg_graph **out, mdg_diag *diag);

/* The same of a net that reproduces its input, with the mean squared error told as scores [1][2] of normal
 * and anomaly: both 0.5 where the error is the threshold. */
mdg_status mdg_net_export_anomaly(const mdg_net *net, float threshold, mdg_arena *arena, mdg_graph **out,
                                  mdg_diag *diag);

#endif
