/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "train/train.h"

/* A map of more places than this costs more than it tells: the next block halves it. */
enum { MAX_PLACES = 256 };

typedef struct builder {
    mdg_net_spec *spec;
    mdg_arena *arena;
    int h, w; /* of the last layer's output */
    float dropout;
} builder;

/* Appends a layer that reads the one before it. */
static void append(builder *b, mdg_layer_spec layer) {
    mdg_net_spec *s = b->spec;
    layer.from = s->n_layers - 1;
    s->layers[s->n_layers++] = layer;
}

static void append_conv(builder *b, mdg_layer_spec layer) {
    layer.same = layer.batch_norm = true;
    layer.activation = MDG_ACTIVATION_RELU;
    if (layer.stride_h == 0) layer.stride_h = layer.stride_w = 1;
    append(b, layer);
    b->h = (b->h + layer.stride_h - 1) / layer.stride_h;
    b->w = (b->w + layer.stride_w - 1) / layer.stride_w;
}

static void append_head(builder *b) {
    if (b->dropout > 0.0f) append(b, (mdg_layer_spec){.kind = MDG_LAYER_DROPOUT, .rate = b->dropout});
    append(b, (mdg_layer_spec){.kind = MDG_LAYER_DENSE, .filters = b->spec->n_classes});
}

static int at_most(int a, int b) {
    return a < b ? a : b;
}

static void begin(builder *b, int max_layers) {
    b->spec->layers = mdg_arena_array(b->arena, (size_t)max_layers, sizeof *b->spec->layers);
}

/* Hidden dense layers, batch norm in each (it also takes in inputs of any scale). */
static void build_mlp(builder *b, int width, int depth) {
    begin(b, depth + 3);
    append(b, (mdg_layer_spec){.kind = MDG_LAYER_FLATTEN});
    for (int i = 0; i < depth; i++)
        append(b, (mdg_layer_spec){.kind = MDG_LAYER_DENSE,
                                   .filters = width,
                                   .batch_norm = true,
                                   .activation = MDG_ACTIVATION_RELU});
    append_head(b);
}

/* Depthwise-separable blocks after one full convolution, as Zhang et al., "Hello edge", 2017. The first
 * kernel is 10 frames by 4 coefficients where there are few coefficients (MFCC), else 3x3. */
static void build_ds_cnn(builder *b, int width, int depth) {
    const mdg_net_spec *s = b->spec;
    const bool cepstral = s->in_w <= 13 && s->in_h >= 2 * s->in_w && s->in_c == 1;
    begin(b, 2 * depth + 4);
    append_conv(b, (mdg_layer_spec){.kind = MDG_LAYER_CONV2D,
                                    .filters = width,
                                    .kernel_h = at_most(cepstral ? 10 : 3, s->in_h),
                                    .kernel_w = at_most(cepstral ? 4 : 3, s->in_w),
                                    .stride_h = at_most(2, s->in_h),
                                    .stride_w = at_most(2, s->in_w)});
    for (int i = 0; i < depth; i++) {
        const int stride = b->h * b->w > MAX_PLACES ? 2 : 1;
        append_conv(b, (mdg_layer_spec){.kind = MDG_LAYER_DEPTHWISE_CONV2D,
                                        .kernel_h = at_most(3, b->h),
                                        .kernel_w = at_most(3, b->w),
                                        .stride_h = stride,
                                        .stride_w = stride});
        append_conv(
            b, (mdg_layer_spec){.kind = MDG_LAYER_CONV2D, .filters = width, .kernel_h = 1, .kernel_w = 1});
    }
    append(b, (mdg_layer_spec){.kind = MDG_LAYER_GLOBAL_AVERAGE_POOL});
    append_head(b);
}

static const struct {
    const char *name;
    void (*build)(builder *b, int width, int depth);
    int width, depth; /* defaults */
} architectures[] = {{"mlp", build_mlp, 64, 2}, {"ds_cnn", build_ds_cnn, 64, 4}};

mdg_status mdg_net_architecture(const char *name, const mdg_architecture_opts *opts, int in_h, int in_w,
                                int in_c, int n_classes, mdg_arena *arena, mdg_net_spec *out,
                                mdg_diag *diag) {
    if (opts->width < 0 || opts->depth < 0)
        return mdg_fail(diag, MDG_INVALID, "architecture %s: width %d, depth %d: must not be negative", name,
                        opts->width, opts->depth);
    for (size_t i = 0; i < sizeof architectures / sizeof *architectures; i++) {
        if (strcmp(name, architectures[i].name) != 0) continue;
        *out = (mdg_net_spec){.in_h = in_h, .in_w = in_w, .in_c = in_c, .n_classes = n_classes};
        builder b = {.spec = out, .arena = arena, .h = in_h, .w = in_w, .dropout = opts->dropout};
        architectures[i].build(&b, opts->width ? opts->width : architectures[i].width,
                               opts->depth ? opts->depth : architectures[i].depth);
        return mdg_net_spec_check(out, diag);
    }
    return mdg_fail(diag, MDG_NOT_FOUND, "architecture %s: not known; known are mlp and ds_cnn", name);
}
