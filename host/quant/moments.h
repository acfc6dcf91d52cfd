/* SPDX-License-Identifier: MIT
 *
 * moments.h: what a layer with weights reads, as sums over all its output positions and over samples: x from
 * the float graph, q from the quantised graph, whose earlier layers have their errors already. From these
 * sums follows the layer's output error for any weights. Private to host/quant.
 */
#ifndef MDG_QUANT_MOMENTS_H
#define MDG_QUANT_MOMENTS_H

#include "graph/graph.h"
#include "util/arena.h"

/* CONV_2D, DEPTHWISE_CONV_2D or FULLY_CONNECTED: each output is a sum over a patch of kernel_h x kernel_w
 * pixels; depthwise, of one channel of it. */
typedef struct mdg_quant_layer_shape {
    int in_h, in_w, in_c, out_h, out_w;
    int kernel_h, kernel_w, stride_h, stride_w, dilation_h, dilation_w, pad_top, pad_left;
    int groups; /* of input channels that are summed separately: 1, or in_c */
    int k;      /* inputs of one sum */
    int outs;   /* output channels of a group */
} mdg_quant_layer_shape;

/* Returns false for operators of other kinds. */
bool mdg_quant_layer_shape_of(const mdg_subgraph *s, const mdg_op *op, mdg_quant_layer_shape *out);

/* Index of weight i of output channel c among all weights. */
size_t mdg_quant_weight_at(const mdg_quant_layer_shape *l, int c, int i);

typedef struct mdg_moments {
    mdg_quant_layer_shape shape;
    int64_t rows;
    double *mean_x, *mean_q; /* [groups][k] sums, after mdg_moments_finish means */
    float *gram, *cross; /* [groups][k][k] of q q', and of q x'; centred at the end. NULL: k is too large */
    float *patch_x, *patch_q, *row_x, *row_q;
} mdg_moments;

mdg_moments mdg_moments_new(const mdg_quant_layer_shape *shape, bool products, mdg_arena *arena);

/* One sample: both inputs of the layer, in real numbers. At most max_rows of its positions count, evenly. */
void mdg_moments_add(mdg_moments *m, const float *x, const float *q, int max_rows);
void mdg_moments_finish(mdg_moments *m);

#endif
