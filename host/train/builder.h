/* SPDX-License-Identifier: MIT
 *
 * builder.h: the named architectures, and how their layer lists are written down. Each layer reads the one
 * before it unless it says otherwise; the builder knows the shape that the last one gives.
 */
#ifndef MDG_TRAIN_BUILDER_H
#define MDG_TRAIN_BUILDER_H

#include "train/train.h"

/* A layer and the shape it gives; -1 = the network's input. */
typedef struct mdg_place {
    int last, h, w, c;
} mdg_place;

typedef struct mdg_builder {
    mdg_net_spec *spec;
    mdg_arena *arena;
    int capacity;
    mdg_place at; /* what the next layer reads; a branch begins with an earlier place */
    mdg_architecture_opts opts;
} mdg_builder;

/* Appends a layer that reads b->at and becomes it; returns its index. */
int mdg_build(mdg_builder *b, mdg_layer_spec layer);

/* A convolution with SAME padding, or VALID where opts say so; batch norm and ReLU unless `linear` (batch
 * norm alone). */
typedef struct mdg_build_conv_opts {
    int filters, kernel_h, kernel_w, stride_h, stride_w; /* strides 0 = 1 */
    mdg_activation activation;
} mdg_build_conv_opts;
int mdg_build_conv(mdg_builder *b, mdg_build_conv_opts opts);
int mdg_build_depthwise(mdg_builder *b, mdg_build_conv_opts opts); /* filters: not used */
int mdg_build_pointwise(mdg_builder *b, int filters, mdg_activation activation);

/* The last layer added to layer `with`. */
int mdg_build_add(mdg_builder *b, int with, mdg_activation activation);

/* The network's input as [time][1][channels]: convolutions then go over time and mix all that happens at
 * once. */
void mdg_build_time(mdg_builder *b);

/* Means over the whole map, or over `segments` equal stretches of its height. */
void mdg_build_average(mdg_builder *b, int segments);

/* Dropout, if any, and one value a class. */
void mdg_build_head(mdg_builder *b);

static inline int mdg_least(int a, int b) {
    return a < b ? a : b;
}

/* A width times the multiplier, as a multiple of 8 (vector kernels like them) that loses at most a tenth. */
int mdg_scaled(int width, float multiplier);

typedef void mdg_architecture_build(mdg_builder *b);
mdg_architecture_build mdg_build_mlp, mdg_build_autoencoder;
mdg_architecture_build mdg_build_ds_cnn, mdg_build_resnet8, mdg_build_mobilenet_v1, mdg_build_mobilenet_v2,
    mdg_build_centroid;
mdg_architecture_build mdg_build_conv1d, mdg_build_sparse_temporal, mdg_build_tc_resnet, mdg_build_crnn;

#endif
