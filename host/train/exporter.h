/* SPDX-License-Identifier: MIT
 *
 * exporter.h: how layers become operators: what export.c and the families that need several operators share.
 */
#ifndef MDG_TRAIN_EXPORTER_H
#define MDG_TRAIN_EXPORTER_H

#include "train/net.h"

typedef struct mdg_exporter {
    const mdg_net *net;
    const float *params; /* the net's, or what they are rounded to */
    mdg_graph *graph;
    mdg_subgraph *sub;
    int *tensors; /* [n_layers + 1] of each value: 0 the input, i + 1 the output of layer i */
} mdg_exporter;

/* data NULL: computed by an operator. */
int mdg_export_tensor(mdg_exporter *e, mdg_type type, mdg_shape shape, const void *data, const char *name);
const char *mdg_export_name(const mdg_exporter *e, int layer, const char *part); /* "3_conv2d" and the part */
mdg_op *mdg_export_op(mdg_exporter *e, mdg_opcode code, int n_inputs, const int *inputs, int output);

/* The same values in another shape: the tensor itself, or behind a RESHAPE. */
int mdg_export_reshaped(mdg_exporter *e, int tensor, mdg_shape shape);

/* Each appends a layer and returns the tensor of its output. */
int mdg_export_recurrent(mdg_exporter *e, int layer);

#endif
