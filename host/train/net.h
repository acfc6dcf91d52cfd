/* SPDX-License-Identifier: MIT
 *
 * net.h: what a network is between steps: its layers' shapes, and all its numbers in two flat arrays. Layers
 * hold spans of them. Weights have TFLite's order: convolutions [out_c][kh][kw][in_c], depthwise
 * [kh][kw][out_c], dense [out][in], recurrent layers as recurrent.c says.
 */
#ifndef MDG_TRAIN_NET_H
#define MDG_TRAIN_NET_H

#include "train/train.h"

#define MDG_NORM_EPSILON  1e-3f
#define MDG_NORM_MOMENTUM 0.9f /* share of the running statistics that a step keeps */

/* A piece of a flat array; count 0 = the layer has none. */
typedef struct mdg_span {
    size_t at, count;
} mdg_span;

typedef struct mdg_layer {
    mdg_layer_spec spec; /* with defaults filled in */
    int in_h, in_w, in_c, out_h, out_w, out_c;
    int pad_top, pad_left, pad_bottom, pad_right;
    mdg_span weights, bias; /* in mdg_net.params */
    mdg_span norm;          /* in mdg_net.params: [2][out_c], scales (gamma), then shifts (beta) */
    mdg_span statistics;    /* in mdg_net.statistics: [2][out_c], running means, then variances */
    bool loaded;    /* its weights came from another model (transfer.h); false once training has begun */
    bool frozen;    /* training leaves its numbers alone, and its batch norm uses the running statistics */
    mdg_span range; /* in mdg_net.statistics: lowest and highest output (fake.h) */
} mdg_layer;

struct mdg_net {
    mdg_arena *arena;   /* the net's own */
    mdg_arena *results; /* the caller's, for what outlives the net */
    mdg_net_spec spec;
    mdg_layer *layers;             /* [spec.n_layers] */
    size_t n_params, n_statistics; /* sizes of the arrays; spans are aligned, so there are gaps of zeros */
    float *params, *statistics;
    mdg_span input_range; /* as a layer's */
};

/* Fills layers[spec->n_layers] with shapes and spans, and the arrays' sizes. Returns MDG_OK or MDG_INVALID.
 */
mdg_status mdg_layers_plan(const mdg_net_spec *spec, mdg_layer *layers, size_t *n_params,
                           size_t *n_statistics, mdg_diag *diag);

/* What batch norm multiplies channel c by, and what it then adds: y = scale * z + shift. */
void mdg_norm_of(const mdg_net *net, const mdg_layer *l, int c, float *scale, float *shift);

/* A zeroed array of floats on a cache line's boundary. */
float *mdg_floats(mdg_arena *arena, size_t count);

static inline bool mdg_layer_has_two(mdg_layer_kind kind) { /* operands: from and with */
    return kind == MDG_LAYER_ADD || kind == MDG_LAYER_CONCAT;
}

/* The gates of a recurrent layer: LSTM 4, GRU 3, other kinds 0. */
static inline int mdg_layer_gates(mdg_layer_kind kind) {
    return kind == MDG_LAYER_LSTM ? 4 : kind == MDG_LAYER_GRU ? 3 : 0;
}

int64_t mdg_layer_macs(const mdg_layer *layer);

#endif
