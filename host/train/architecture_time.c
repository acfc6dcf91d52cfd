/* SPDX-License-Identifier: MIT
 *
 * Architectures that see their input as a series: convolutions over time alone, all that happens at a moment
 * as channels.
 */
#include <string.h>

#include "train/builder.h"

enum { MAX_STEPS = 16 }; /* of recurrent layers */

static void conv(mdg_builder *b, int filters, int kernel, int stride, mdg_activation activation) {
    mdg_build_conv(b, (mdg_build_conv_opts){.filters = filters,
                                            .kernel_h = kernel,
                                            .kernel_w = 1,
                                            .stride_h = stride,
                                            .activation = activation});
}

/* Halves the time as long as each segment keeps some frames of its own. */
static int stride_of(const mdg_builder *b) {
    return b->at.h >= 8 * b->opts.segments ? 2 : 1;
}

/* Plain convolutions over time, then means of a few segments of it: which part of a movement came first
 * matters to the last layer. */
void mdg_build_conv1d(mdg_builder *b) {
    mdg_build_time(b);
    for (int i = 0; i < b->opts.depth; i++)
        conv(b, b->opts.width, b->opts.kernel, stride_of(b), MDG_ACTIVATION_RELU);
    mdg_build_average(b, b->opts.segments);
    mdg_build_head(b);
}

/* Depthwise-separable convolutions over time: each channel looks along time on its own, then all are mixed.
 * A few thousand parameters. */
void mdg_build_sparse_temporal(mdg_builder *b) {
    mdg_build_time(b);
    mdg_build_pointwise(b, b->opts.width, MDG_ACTIVATION_RELU);
    for (int i = 0; i < b->opts.depth; i++) {
        mdg_build_depthwise(b, (mdg_build_conv_opts){.kernel_h = b->opts.kernel,
                                                     .kernel_w = 1,
                                                     .stride_h = i == 0 ? stride_of(b) : 1,
                                                     .activation = MDG_ACTIVATION_NONE});
        mdg_build_pointwise(b, b->opts.width, MDG_ACTIVATION_RELU);
    }
    mdg_build_average(b, b->opts.segments);
    mdg_build_head(b);
}

static void residual_block(mdg_builder *b, int filters) {
    const mdg_place before = b->at;
    const int stride = mdg_least(2, b->at.h);
    conv(b, filters, 1, stride, MDG_ACTIVATION_RELU);
    const int around = b->at.last;
    b->at = before;
    conv(b, filters, b->opts.kernel, stride, MDG_ACTIVATION_RELU);
    conv(b, filters, b->opts.kernel, 1, MDG_ACTIVATION_NONE);
    mdg_build_add(b, around, MDG_ACTIVATION_RELU);
}

/* A convolution that shortens time to a few steps (each is a piece of code on the device), then a recurrent
 * layer over them; its last output tells the class. */
void mdg_build_crnn(mdg_builder *b) {
    const bool lstm = b->opts.cell && strcmp(b->opts.cell, "lstm") == 0;
    mdg_build_time(b);
    conv(b, b->opts.width, b->opts.kernel, (b->at.h + MAX_STEPS - 1) / MAX_STEPS, MDG_ACTIVATION_RELU);
    for (int i = 0; i < b->opts.depth; i++)
        mdg_build(b, (mdg_layer_spec){.kind = lstm ? MDG_LAYER_LSTM : MDG_LAYER_GRU,
                                      .filters = b->opts.width,
                                      .sequence = i + 1 < b->opts.depth});
    mdg_build_head(b);
}

/* Choi et al., "Temporal convolution for real-time keyword spotting", 2019; three blocks make TC-ResNet8. */
void mdg_build_tc_resnet(mdg_builder *b) {
    mdg_build_time(b);
    conv(b, b->opts.width, 3, 1, MDG_ACTIVATION_RELU);
    for (int i = 0; i < b->opts.depth; i++) residual_block(b, b->opts.width * (i + 3) / 2);
    mdg_build_average(b, b->opts.segments);
    mdg_build_head(b);
}
