/* SPDX-License-Identifier: MIT
 *
 * quant.h: a float graph to an int8 graph, by TFLite's quantisation specification: weights symmetric per output
 * channel, activations asymmetric per tensor, biases int32 at scale(input) * scale(weight).
 */
#ifndef MDG_QUANT_H
#define MDG_QUANT_H

#include "graph/graph.h"
#include "util/progress.h"

typedef struct mdg_quant_opts {
    const char *calibration;  /* "minmax", "percentile", "mse" */
    float percentile;         /* of "percentile", e.g. 99.99 */
} mdg_quant_opts;

/* Calibration inputs: sample i of n into x (the float input tensor's bytes). */
typedef struct mdg_calibration {
    int n;
    void (*fill)(void *context, int i, float *x);
    void *context;
} mdg_calibration;

/* The int8 graph's inputs and outputs are int8. */
mdg_status mdg_quantize(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data, mdg_arena *arena,
                        const mdg_progress *progress, mdg_graph **out, mdg_diag *diag);

#endif
