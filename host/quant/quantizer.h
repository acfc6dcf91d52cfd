/* SPDX-License-Identifier: MIT
 *
 * quantizer.h: what the steps of mdg_quantize share: groups.c finds which tensors share a scale, equalize.c
 * evens out channels, calibrate.c finds which range each group has, parameters.c rounds weights, cluster.c
 * to few values, adapt.c improves the rounding and biases, convert.c writes the graph. Private to host/quant.
 */
#ifndef MDG_QUANT_QUANTIZER_H
#define MDG_QUANT_QUANTIZER_H

#include "util/affine.h"
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

/* The constants of an operator that has weights. Weight i belongs to channel i / run % count. */
typedef struct mdg_quant_weights {
    int bits;        /* 8 or 4; 0: the operator has none */
    int axis, count; /* count 1 = all weights share one scale */
    size_t run, n;   /* of weights */
    int channels;    /* of the output: so many biases there are */
    float *scale;    /* [count] */
    int8_t *steps;   /* [n] */
    int8_t *values;  /* [MDG_QUANT_CLUSTERS] the only steps there are; or NULL */
    float *bias;     /* [channels] in real numbers, or NULL */
} mdg_quant_weights;

enum { MDG_QUANT_CLUSTERS = 16 };

typedef struct mdg_quantizer {
    const mdg_graph *graph;
    const mdg_subgraph *subgraph;
    const mdg_quant_opts *opts;
    mdg_quant_methods methods;
    bool wide; /* all activations are int16 */
    mdg_arena *arena;
    mdg_quant_node *nodes;      /* [n_tensors] */
    mdg_quant_weights *weights; /* [n_ops] */
} mdg_quantizer;

/* Whether an operator reads and writes int16 */
bool mdg_quantizer_is_wide(const mdg_quantizer *q, int op);

mdg_quant_node *mdg_quantizer_group(const mdg_quantizer *q, int tensor);

mdg_status mdg_quantizer_find_groups(mdg_quantizer *q, mdg_diag *diag);
mdg_status mdg_quantizer_calibrate(mdg_quantizer *q, const mdg_calibration *data,
                                   const mdg_progress *progress, mdg_diag *diag);

/* Scales of all weights, and each weight rounded to the nearest step. */
void mdg_quantizer_round(mdg_quantizer *q);

/* Of a layer whose weights x are rounded: the best values, and each weight the nearest of them */
void mdg_quant_cluster(mdg_quantizer *q, mdg_quant_weights *w, const float *x);
bool mdg_quant_can_cluster(const mdg_op *op, size_t n_weights);
int8_t mdg_quant_nearest_value(const mdg_quant_weights *w, double step);

/* Makes each layer's error on the samples smaller: its rounding, its bias or both, by q->methods. Layer after
 * layer, since each takes into account what those before it do to its input. */
mdg_status mdg_quantizer_adapt(mdg_quantizer *q, const mdg_calibration *data, const mdg_progress *progress,
                               mdg_diag *diag);

mdg_graph *mdg_quantizer_convert(const mdg_quantizer *q, mdg_arena *arena);

/* A copy of the float graph in which the channels between two layers have ranges that are as even as can be;
 * it computes the same. */
mdg_status mdg_quantizer_equalize(const mdg_graph *g, const mdg_calibration *data, mdg_arena *arena,
                                  mdg_graph **out, mdg_diag *diag);

#endif
