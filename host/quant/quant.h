/* SPDX-License-Identifier: MIT
 *
 * quant.h: a float graph to an int8 graph, by TFLite's quantisation specification: weights symmetric per
 * output channel, activations asymmetric per tensor, biases int32 at scale(input) * scale(weight).
 *
 *     mdg_quant_opts opts = {.calibration = "minmax"};
 *     mdg_calibration data = {.n = 200, .fill = my_fill, .context = clips};
 *     mdg_quantize(float_graph, &opts, &data, arena, progress, &int8_graph, diag);
 *     mdg_quant_measure(float_graph, int8_graph, &data, arena, progress, &report, diag); // where it hurts
 *     mdg_quant_report_print(&report, stdout);
 *
 * Calibration runs the float graph over samples and keeps what each tensor's values look like;
 * docs/QUANTIZATION.md tells the arithmetic with an example.
 */
#ifndef MDG_QUANT_H
#define MDG_QUANT_H

#include <jansson.h>

#include "graph/graph.h"
#include "util/progress.h"

typedef struct mdg_quant_methods {
    bool equalize, bias_correction, adaptive_rounding;
} mdg_quant_methods;

typedef struct mdg_quant_opts {
    const char *calibration; /* "minmax" (also when NULL), "percentile", "mse" */
    float percentile;        /* of "percentile": share of values kept, in percent; 0 = 99.99 */
    bool dense_per_channel;  /* FULLY_CONNECTED weights per channel: more exact, and what the specification
                                says today;  TFLM reads it since September 2024, older readers only one scale
                                for all */
    const char *weights; /* "int8" (also when NULL); "int4": of convolutions and dense layers; "cluster16":
                            int8 of 16 values a layer, of convolutions that are not depthwise and dense
                            layers */
    const char
        *activations; /* "int8" (also when NULL); "int16": symmetric, with int8 weights and int64 biases;
                         inputs and outputs of the graph stay int8, behind QUANTIZE operators */
    const uint8_t *op_bits; /* [n_ops] for each operator, in place of the two: int8 activations with weights
                               of 4 bits or 8; 16: int16 activations and int8 weights, between QUANTIZE
                               operators where its neighbours have int8; or NULL */
    /* What makes errors smaller at the same size: "no" (also when NULL), "yes"; "auto" keeps it when the
     * output's SQNR is better on a quarter of the samples, which the method has not seen. */
    const char *equalize;          /* evens out the ranges of channels between layers */
    const char *bias_correction;   /* makes the mean error of each channel 0 */
    const char *adaptive_rounding; /* rounds for the least error of the layer's output; corrects biases, too
                                    */
    mdg_quant_methods *used;       /* is told which were used; or NULL */
} mdg_quant_opts;

/* Calibration inputs: sample i of n into x, the bytes of all inputs of the graph in order. */
typedef struct mdg_calibration {
    int n;
    void (*fill)(void *context, int i, float *x);
    void *context;
} mdg_calibration;

/* The int8 graph's inputs and outputs are int8. Tensors keep their indices; its constants live in arena.
 * Returns MDG_OK; MDG_UNSUPPORTED naming the operator that has no int8 form; MDG_INVALID for a graph that is
 * quantised already, for no samples, an unknown method, or values that are not finite; MDG_INTERRUPTED. */
mdg_status mdg_quantize(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                        mdg_arena *arena, const mdg_progress *progress, mdg_graph **out, mdg_diag *diag);

/* By how much SQNR must rise for "auto" to keep a method. */
#define MDG_QUANT_GAIN_DB 0.1

/* Whether the operator's weights may be int4. */
bool mdg_quant_can_int4(const mdg_op *op);

/* One tensor of the int8 graph beside its float original. */
typedef struct mdg_quant_layer {
    int op;                 /* index of the operator that writes it; -1 = an input of the graph */
    const char *op_name;    /* "CONV_2D", "input" */
    int tensor;             /* index in the subgraph, the same in both graphs */
    const char *name;       /* of the tensor */
    float seen_lo, seen_hi; /* of the float values over the samples */
    float lo, hi;           /* what int8 can represent */
    float scale;
    int32_t zero_point;
    float clipped;  /* share of float values beyond lo..hi */
    double sqnr_db; /* signal to quantisation noise ratio; INFINITY = exact, NAN = all values are zero */
    double weights_sqnr_db; /* of the operator's weights alone; NAN where it has none */
    const char *warning;    /* NULL, or why sqnr_db is below MDG_QUANT_SQNR_LOW_DB and what would help */
} mdg_quant_layer;

#define MDG_QUANT_SQNR_LOW_DB 10.0

typedef struct mdg_quant_report {
    int n_layers, n_warnings, n_samples;
    mdg_quant_layer *layers; /* in execution order */
    double output_sqnr_db;   /* of the graph's first output */
} mdg_quant_report;

/* Runs both graphs over the samples and compares each tensor. quantized is what mdg_quantize made of g. */
mdg_status mdg_quant_measure(const mdg_graph *g, const mdg_graph *quantized, const mdg_calibration *data,
                             mdg_arena *arena, const mdg_progress *progress, mdg_quant_report *out,
                             mdg_diag *diag);

void mdg_quant_report_print(const mdg_quant_report *r, FILE *out);

/* {"samples", "output_sqnr_db", "layers": [{op, op_name, tensor, seen, range, scale, zero_point, clipped,
 * sqnr_db, weights_sqnr_db, warning}]}; a ratio that is no number is null. */
json_t *mdg_quant_report_json(const mdg_quant_report *r);

/* Real values to int8 and back, as QUANTIZE and DEQUANTIZE do: round(x / scale) + zero_point, halves away
 * from zero, clamped. t: an int8 tensor with per-tensor quantisation. */
void mdg_quant_to_int8(const mdg_tensor *t, const float *x, size_t n, int8_t *out);
void mdg_quant_from_int8(const mdg_tensor *t, const int8_t *q, size_t n, float *out);

#endif
