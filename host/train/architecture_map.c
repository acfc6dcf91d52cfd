/* SPDX-License-Identifier: MIT
 *
 * Architectures that see their input as a picture: convolutions over height and width.
 */
#include "train/builder.h"

enum {
    /* A map of more places than this costs more than it tells: ds_cnn's next block halves it. */
    MAX_PLACES = 256,
    /* The MobileNets halve no map that is as small as this: they were made for larger pictures. */
    MIN_PLACES = 16,
    MAX_WIDTH = 2048
};

/* Depthwise-separable blocks after one full convolution, as Zhang et al., "Hello edge", 2017. The first
 * kernel is 10 frames by 4 coefficients where there are few coefficients (MFCC), else 3x3. */
void mdg_build_ds_cnn(mdg_builder *b) {
    const bool cepstral = b->at.w <= 13 && b->at.h >= 2 * b->at.w && b->at.c == 1;
    mdg_build_conv(b, (mdg_build_conv_opts){.filters = b->opts.width,
                                            .kernel_h = cepstral ? 10 : 3,
                                            .kernel_w = cepstral ? 4 : 3,
                                            .stride_h = 2,
                                            .stride_w = 2,
                                            .activation = MDG_ACTIVATION_RELU});
    for (int i = 0; i < b->opts.depth; i++) {
        const int stride = b->at.h * b->at.w > MAX_PLACES ? 2 : 1;
        mdg_build_depthwise(b, (mdg_build_conv_opts){.kernel_h = 3,
                                                     .kernel_w = 3,
                                                     .stride_h = stride,
                                                     .stride_w = stride,
                                                     .activation = MDG_ACTIVATION_RELU});
        mdg_build_pointwise(b, b->opts.width, MDG_ACTIVATION_RELU);
    }
    mdg_build_average(b, 1);
    mdg_build_head(b);
}

static void conv3x3(mdg_builder *b, int filters, int stride, mdg_activation activation) {
    mdg_build_conv(b, (mdg_build_conv_opts){.filters = filters,
                                            .kernel_h = 3,
                                            .kernel_w = 3,
                                            .stride_h = stride,
                                            .stride_w = stride,
                                            .activation = activation});
}

/* The way around a block that changes the shape: a 1x1 convolution without batch norm, as MLPerf Tiny's. */
static int shortcut(mdg_builder *b, int filters, int stride) {
    return mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_CONV2D,
                                         .filters = filters,
                                         .kernel_h = 1,
                                         .kernel_w = 1,
                                         .stride_h = mdg_least(stride, b->at.h),
                                         .stride_w = mdg_least(stride, b->at.w),
                                         .same = true});
}

/* Two convolutions, and their input added to what they give. */
static void residual_block(mdg_builder *b, int filters, int stride) {
    const mdg_place before = b->at;
    int around = b->at.last;
    if (stride != 1 || filters != b->at.c) {
        around = shortcut(b, filters, stride);
        b->at = before;
    }
    conv3x3(b, filters, stride, MDG_ACTIVATION_RELU);
    conv3x3(b, filters, 1, MDG_ACTIVATION_NONE);
    mdg_build_add(b, around, MDG_ACTIVATION_RELU);
}

/* He et al., "Deep residual learning", 2015, in MLPerf Tiny's size: one block of each width. */
void mdg_build_resnet8(mdg_builder *b) {
    int width = b->opts.width;
    conv3x3(b, width, 1, MDG_ACTIVATION_RELU);
    for (int i = 0; i < b->opts.depth; i++) {
        residual_block(b, width, i ? 2 : 1);
        if (width < MAX_WIDTH) width *= 2;
    }
    mdg_build_average(b, 1);
    mdg_build_head(b);
}

static int stride_of(const mdg_builder *b, int stride) {
    return b->at.h * b->at.w > MIN_PLACES ? stride : 1;
}

/* Howard et al., "MobileNets", 2017. */
void mdg_build_mobilenet_v1(mdg_builder *b) {
    static const struct {
        int filters, stride;
    } blocks[] = {{64, 1},  {128, 2}, {128, 1}, {256, 2}, {256, 1},  {512, 2}, {512, 1},
                  {512, 1}, {512, 1}, {512, 1}, {512, 1}, {1024, 2}, {1024, 1}};
    const float m = b->opts.multiplier;
    conv3x3(b, mdg_scaled(32, m), stride_of(b, 2), MDG_ACTIVATION_RELU);
    for (int i = 0; i < b->opts.depth; i++) {
        const int stride = stride_of(b, blocks[i].stride);
        mdg_build_depthwise(b, (mdg_build_conv_opts){.kernel_h = 3,
                                                     .kernel_w = 3,
                                                     .stride_h = stride,
                                                     .stride_w = stride,
                                                     .activation = MDG_ACTIVATION_RELU});
        mdg_build_pointwise(b, mdg_scaled(blocks[i].filters, m), MDG_ACTIVATION_RELU);
    }
    mdg_build_average(b, 1);
    mdg_build_head(b);
}

/* Expand, look around, shrink without activation; the input is added where the shape allows. */
static void inverted_block(mdg_builder *b, int expansion, int filters, int stride) {
    const int around = b->at.last, channels = b->at.c;
    if (expansion > 1) mdg_build_pointwise(b, expansion * channels, MDG_ACTIVATION_RELU6);
    mdg_build_depthwise(b, (mdg_build_conv_opts){.kernel_h = 3,
                                                 .kernel_w = 3,
                                                 .stride_h = stride,
                                                 .stride_w = stride,
                                                 .activation = MDG_ACTIVATION_RELU6});
    mdg_build_pointwise(b, filters, MDG_ACTIVATION_NONE);
    if (stride == 1 && filters == channels) mdg_build_add(b, around, MDG_ACTIVATION_NONE);
}

/* The first `depth` of the 17 inverted blocks. */
static void mobilenet_v2_blocks(mdg_builder *b) {
    static const struct {
        int expansion, filters, repeats, stride;
    } groups[] = {{1, 16, 1, 1}, {6, 24, 2, 2},  {6, 32, 3, 2}, {6, 64, 4, 2},
                  {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    const float m = b->opts.multiplier;
    int built = 0;
    conv3x3(b, mdg_scaled(32, m), stride_of(b, 2), MDG_ACTIVATION_RELU6);
    for (int g = 0; g < 7; g++)
        for (int i = 0; i < groups[g].repeats && built < b->opts.depth; i++, built++)
            inverted_block(b, groups[g].expansion, mdg_scaled(groups[g].filters, m),
                           i ? 1 : stride_of(b, groups[g].stride));
}

/* Sandler et al., "MobileNetV2", 2018. The last convolution is scaled as the others are (the paper keeps its
 * 1280 filters, which for a few classes would be most of the flash). */
void mdg_build_mobilenet_v2(mdg_builder *b) {
    mobilenet_v2_blocks(b);
    mdg_build_pointwise(b, mdg_scaled(1280, b->opts.multiplier), MDG_ACTIVATION_RELU6);
    mdg_build_average(b, 1);
    mdg_build_head(b);
}

/* After FOMO (Edge Impulse, 2022): MobileNetV2 cut where the map is an eighth of the picture, and from there
 * a class for each cell: where objects of a known size are, at the price of a classifier. */
void mdg_build_centroid(mdg_builder *b) {
    mobilenet_v2_blocks(b);
    mdg_build_pointwise(b, 6 * b->at.c, MDG_ACTIVATION_RELU6);
    mdg_build_pointwise(b, b->opts.width, MDG_ACTIVATION_RELU);
    mdg_build(b, (mdg_layer_spec){
                     .kind = MDG_LAYER_CONV2D, .filters = b->spec->n_classes, .kernel_h = 1, .kernel_w = 1});
}
