/* SPDX-License-Identifier: MIT */
#include "train/builder.h"

#include <string.h>

/* What a filter without padding leaves; 0 counts as 1. */
static int without_padding(int size, int kernel, int step) {
    return (size - (kernel ? kernel : 1)) / (step ? step : 1) + 1;
}

/* What a convolution leaves. */
static void stride(mdg_builder *b, const mdg_layer_spec *l) {
    if (!l->same) {
        b->at.h = without_padding(b->at.h, l->kernel_h, l->stride_h);
        b->at.w = without_padding(b->at.w, l->kernel_w, l->stride_w);
        return;
    }
    if (l->stride_h > 1) b->at.h = (b->at.h + l->stride_h - 1) / l->stride_h;
    if (l->stride_w > 1) b->at.w = (b->at.w + l->stride_w - 1) / l->stride_w;
}

static void follow_shape(mdg_builder *b, const mdg_layer_spec *l) {
    switch (l->kind) {
    case MDG_LAYER_CONV2D:
        b->at.c = l->filters;
        stride(b, l);
        return;
    case MDG_LAYER_DEPTHWISE_CONV2D: stride(b, l); return;
    case MDG_LAYER_RESHAPE:
        b->at.c = b->at.h * b->at.w * b->at.c / l->kernel_h / l->kernel_w;
        b->at.h = l->kernel_h;
        b->at.w = l->kernel_w;
        return;
    case MDG_LAYER_AVERAGE_POOL: stride(b, l); return; /* never padded */
    case MDG_LAYER_LSTM:
    case MDG_LAYER_GRU:
        b->at.w = 1;
        b->at.h = l->sequence ? b->at.h : 1;
        b->at.c = l->filters;
        return;
    case MDG_LAYER_DENSE:
        b->at.h = b->at.w = 1;
        b->at.c = l->filters;
        return;
    default: return;
    }
}

static void grow(mdg_builder *b) {
    mdg_net_spec *s = b->spec;
    b->capacity = 2 * b->capacity + 16;
    mdg_layer_spec *layers = mdg_arena_array(b->arena, (size_t)b->capacity, sizeof *layers);
    if (s->n_layers) memcpy(layers, s->layers, (size_t)s->n_layers * sizeof *layers);
    s->layers = layers;
}

int mdg_build(mdg_builder *b, mdg_layer_spec layer) {
    mdg_net_spec *s = b->spec;
    if (s->n_layers == b->capacity) grow(b);
    layer.from = b->at.last;
    follow_shape(b, &layer);
    b->at.last = s->n_layers;
    s->layers[s->n_layers++] = layer;
    return b->at.last;
}

/* Kernels no larger than the map: the rest of them would never meet a value. */
static mdg_layer_spec conv_layer(const mdg_builder *b, mdg_layer_kind kind, const mdg_build_conv_opts *o) {
    return (mdg_layer_spec){.kind = kind,
                            .filters = o->filters,
                            .kernel_h = mdg_least(o->kernel_h, b->at.h),
                            .kernel_w = mdg_least(o->kernel_w, b->at.w),
                            .stride_h = mdg_least(o->stride_h ? o->stride_h : 1, b->at.h),
                            .stride_w = mdg_least(o->stride_w ? o->stride_w : 1, b->at.w),
                            .same = !b->opts.valid,
                            .batch_norm = true,
                            .activation = o->activation};
}

int mdg_build_conv(mdg_builder *b, mdg_build_conv_opts opts) {
    return mdg_build(b, conv_layer(b, MDG_LAYER_CONV2D, &opts));
}

int mdg_build_depthwise(mdg_builder *b, mdg_build_conv_opts opts) {
    return mdg_build(b, conv_layer(b, MDG_LAYER_DEPTHWISE_CONV2D, &opts));
}

int mdg_build_pointwise(mdg_builder *b, int filters, mdg_activation activation) {
    return mdg_build_conv(
        b, (mdg_build_conv_opts){.filters = filters, .kernel_h = 1, .kernel_w = 1, .activation = activation});
}

int mdg_build_add(mdg_builder *b, int with, mdg_activation activation) {
    return mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_ADD, .with = with, .activation = activation});
}

void mdg_build_time(mdg_builder *b) {
    if (b->at.w > 1)
        mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_RESHAPE, .kernel_h = b->at.h, .kernel_w = 1});
}

void mdg_build_average(mdg_builder *b, int segments) {
    if (segments <= 1 || b->at.h <= 1) {
        mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_GLOBAL_AVERAGE_POOL});
        return;
    }
    segments = mdg_least(segments, b->at.h);
    const int hop = b->at.h / segments;
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_AVERAGE_POOL,
                                  .kernel_h = b->at.h - hop * (segments - 1),
                                  .kernel_w = b->at.w,
                                  .stride_h = hop,
                                  .stride_w = b->at.w});
}

void mdg_build_head(mdg_builder *b) {
    if (b->opts.dropout > 0.0f)
        mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_DROPOUT, .rate = b->opts.dropout});
    mdg_build(b, (mdg_layer_spec){.kind = MDG_LAYER_DENSE, .filters = b->spec->n_classes});
}

int mdg_scaled(int width, float multiplier) {
    const float wanted = (float)width * multiplier;
    int scaled = ((int)(wanted + 4.0f)) / 8 * 8;
    if (scaled < 8) scaled = 8;
    return (float)scaled < 0.9f * wanted ? scaled + 8 : scaled;
}
