/* SPDX-License-Identifier: MIT
 *
 * quantizer.h: what the steps of mdg_quantize share: groups.c finds which tensors share a scale, calibrate.c
 * which range each group has, convert.c writes the int8 graph. Private to host/quant.
 */
#ifndef MDG_QUANT_QUANTIZER_H
#define MDG_QUANT_QUANTIZER_H

#include "quant/affine.h"
#include "quant/observer.h"
#include "quant/quant.h"
#include "quant/rules.h"

/* What one tensor, or the group whose root it is, needs. */
typedef struct mdg_quant_node {
    int parent;      /* union-find; a root is its own parent */
    int producer;    /* the operator that writes the tensor, -1 = none */
    bool activation; /* becomes int8 with its group's scale; weights and biases are not */
    bool observed;   /* its values count for the range of its group */
    /* Of the group, at its root: */
    int fixed_by; /* the operator whose rule fixes the scale, -1 = none */
    mdg_observer observer;
    mdg_affine affine;
} mdg_quant_node;

typedef struct mdg_quantizer {
    const mdg_graph *graph;
    const mdg_subgraph *subgraph;
    const mdg_quant_opts *opts;
    mdg_arena *arena;
    mdg_quant_node *nodes; /* [n_tensors] */
} mdg_quantizer;

mdg_quant_node *mdg_quantizer_group(const mdg_quantizer *q, int tensor);

mdg_status mdg_quantizer_find_groups(mdg_quantizer *q, mdg_diag *diag);
mdg_status mdg_quantizer_calibrate(mdg_quantizer *q, const mdg_calibration *data,
                                   const mdg_progress *progress, mdg_diag *diag);
mdg_graph *mdg_quantizer_convert(const mdg_quantizer *q);

#endif
