/* SPDX-License-Identifier: MIT
 *
 * compare.h: two models on the same input, layer by layer: where do they part?
 *
 *     mdg_compare_input input = {.data = bytes, .repeat = 5};
 *     mdg_comparison c;
 *     mdg_compare(float_graph, int8_graph, &input, arena, &c, diag);
 *     if (c.first >= 0) report(&c.layers[c.first]);
 *
 * The input is of A's types; where B's differ, it is converted by B's quantisation. Layers are tensors of the
 * main subgraphs that both models compute: inputs and outputs by their number, others by their name, the rest
 * by operator, shape and order. They are compared as real numbers, in units of A.
 */
#ifndef MDG_COMPARE_H
#define MDG_COMPARE_H

#include "graph/graph.h"
#include "util/file.h"

typedef struct mdg_compare_input {
    mdg_bytes data; /* what A takes for each inference, `repeat` times */
    const char *path;
    int repeat;
} mdg_compare_input;

typedef struct mdg_compared {
    int op_a, op_b; /* that write the tensors; -1 = an input */
    int tensor_a, tensor_b;
    bool same_format;     /* of one type and quantisation, so that the bits are compared */
    bool differs;         /* some bits do; with two formats: more than rounding to these can explain */
    uint64_t n, unequal;  /* values, and those that are not the same number */
    double max, sum;      /* of absolute differences */
    double signal, noise; /* sums of squares: of A's values, of the differences */
} mdg_compared;

typedef struct mdg_comparison {
    int n_layers;
    mdg_compared *layers;   /* in the order in which A computes them */
    int first;              /* the first that differs, or -1 */
    int n_only_a, n_only_b; /* computed tensors without a counterpart */
    int *only_a, *only_b;
} mdg_comparison;

/* Runs both. Returns MDG_OK, whether they differ or not; MDG_INVALID when the models have not the same inputs
 * and outputs (number and elements), or the input has not the size; what mdg_exec_open and mdg_exec_invoke
 * do. */
mdg_status mdg_compare(const mdg_graph *a, const mdg_graph *b, const mdg_compare_input *input,
                       mdg_arena *arena, mdg_comparison *out, mdg_diag *diag);

/* Signal to noise of a layer in decibels: INFINITY = no difference, NAN = all of A's values are zero. */
double mdg_compared_sqnr_db(const mdg_compared *l);

#endif
