/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <string.h>

#include "quant/quant.h"
#include "quant/rules.h"
#include "quant/watch.h"

typedef struct tally {
    uint64_t n, n_clipped;
    float lo, hi;
    double signal, noise; /* sums of squares */
} tally;

typedef struct comparison {
    const mdg_subgraph *original, *quantized;
    float **
        values; /* [n_tensors] what the float graph computed for this sample; NULL where it is not compared */
    tally *tallies; /* [n_tensors] */
} comparison;

static bool is_compared(const mdg_subgraph *original, const mdg_subgraph *quantized, int t) {
    return original->tensors[t].type == MDG_FLOAT32 && !original->tensors[t].data &&
           (quantized->tensors[t].type == MDG_INT8 || quantized->tensors[t].type == MDG_INT16);
}

static size_t elements_of(const mdg_tensor *t) {
    return (size_t)mdg_shape_elements(&t->shape);
}

static float lowest(const mdg_tensor *t) {
    if (t->type == MDG_INT16) return -32768.0f * t->quant.scale[0];
    return mdg_affine_lo((mdg_affine){t->quant.scale[0], t->quant.zero_point[0]});
}

static float highest(const mdg_tensor *t) {
    if (t->type == MDG_INT16) return 32767.0f * t->quant.scale[0];
    return mdg_affine_hi((mdg_affine){t->quant.scale[0], t->quant.zero_point[0]});
}

static void keep_values(void *context, int tensor, const void *data) {
    const comparison *c = context;
    if (c->values[tensor])
        memcpy(c->values[tensor], data, elements_of(&c->original->tensors[tensor]) * sizeof(float));
}

static float real_value(const mdg_tensor *t, const void *data, size_t i) {
    const int steps = t->type == MDG_INT16 ? ((const int16_t *)data)[i] : ((const int8_t *)data)[i];
    return t->quant.scale[0] * (float)(steps - t->quant.zero_point[0]);
}

static void compare_values(void *context, int tensor, const void *data) {
    const comparison *c = context;
    if (tensor >= c->original->n_tensors || !c->values[tensor]) return;
    const mdg_tensor *t = &c->quantized->tensors[tensor];
    const float *x = c->values[tensor], reach = t->quant.scale[0] / 2.0f;
    const float lo = lowest(t) - reach, hi = highest(t) + reach;
    const size_t n = elements_of(t);
    tally *sum = &c->tallies[tensor];
    for (size_t i = 0; i < n; i++) {
        const float back = real_value(t, data, i);
        sum->lo = sum->n ? fminf(sum->lo, x[i]) : x[i];
        sum->hi = sum->n ? fmaxf(sum->hi, x[i]) : x[i];
        sum->n++;
        sum->n_clipped += x[i] < lo || x[i] > hi;
        sum->signal += (double)x[i] * (double)x[i];
        sum->noise += ((double)x[i] - (double)back) * ((double)x[i] - (double)back);
    }
}

static double decibels(double signal, double noise) {
    if (signal <= 0.0) return NAN;
    return noise > 0.0 ? 10.0 * log10(signal / noise) : INFINITY;
}

static mdg_status run_both(comparison *c, mdg_watch *original, mdg_watch *quantized,
                           const mdg_calibration *data, mdg_arena *arena, const mdg_progress *progress,
                           mdg_diag *diag) {
    uint8_t *x = mdg_arena_alloc(arena, mdg_watch_input_bytes(original));
    for (int i = 0; i < data->n; i++) {
        if (!mdg_progress_report(progress, i, data->n, "comparing int8 with float")) return MDG_INTERRUPTED;
        data->fill(data->context, i, (float *)(void *)x);
        mdg_watch_set_inputs(original, x);
        MDG_TRY(mdg_watch_run(original, keep_values, c, diag));
        mdg_watch_quantize_inputs(quantized, c->original, x);
        MDG_TRY(mdg_watch_run(quantized, compare_values, c, diag));
    }
    return MDG_OK;
}

/* ==== What the sums say ==== */

static int weight_step(const mdg_tensor *t, size_t i) {
    if (t->type == MDG_INT8) return ((const int8_t *)t->data)[i];
    const uint8_t both = ((const uint8_t *)t->data)[i / 2];
    return (int8_t)(uint8_t)(i % 2 ? both & 0xF0 : both << 4) / 16;
}

/* The quantised graph has QUANTIZE operators between others. */
static const mdg_op *writer_of(const mdg_subgraph *s, int tensor) {
    const mdg_op *op = s->ops;
    while (op->outputs[0] != tensor) op++;
    return op;
}

static double weights_sqnr(const comparison *c, const mdg_op *original, const mdg_op *quantized) {
    const mdg_quant_rule *rule = mdg_quant_rule_of(original);
    if (rule->kind != MDG_QUANT_WEIGHTED) return NAN;
    const mdg_tensor *w = mdg_op_input(c->original, original, rule->weights);
    const mdg_tensor *q = mdg_op_input(c->quantized, quantized, rule->weights);
    const float *x = w->data;
    size_t inner = 1;
    for (int d = q->quant.axis + 1; d < q->shape.rank; d++) inner *= (size_t)q->shape.dim[d];
    double signal = 0.0, noise = 0.0;
    for (size_t i = 0; i < elements_of(w); i++) {
        const float scale = q->quant.scale[i / inner % (size_t)q->quant.count];
        const double error = (double)x[i] - (double)scale * weight_step(q, i);
        signal += (double)x[i] * (double)x[i];
        noise += error * error;
    }
    return decibels(signal, noise);
}

/* The worst of what the operator reads, among the layers so far; NULL when it reads none of them. */
static const mdg_quant_layer *worst_input(const mdg_quant_report *r, const mdg_op *op) {
    const mdg_quant_layer *worst = NULL;
    for (int k = 0; k < op->n_inputs; k++) {
        for (int i = 0; i < r->n_layers; i++)
            if (r->layers[i].tensor == op->inputs[k] && (!worst || r->layers[i].sqnr_db < worst->sqnr_db))
                worst = &r->layers[i];
    }
    return worst;
}

static const char *cause_of(const comparison *c, const mdg_quant_report *r, const mdg_quant_layer *l,
                            double rms, mdg_arena *arena) {
    const mdg_quant_layer *input = l->op < 0 ? NULL : worst_input(r, &c->original->ops[l->op]);
    if (input && input->sqnr_db < l->sqnr_db + 3.0)
        return mdg_arena_printf(arena, "its input '%s' has only %.1f dB: look there first", input->name,
                                input->sqnr_db);
    if (l->clipped > 0.01f)
        return mdg_arena_printf(
            arena,
            "%.1f %% of its values lie beyond the calibrated range: calibrate with more samples, "
            "or with minmax",
            100.0 * (double)l->clipped);
    if (l->weights_sqnr_db < 20.0)
        return mdg_arena_printf(
            arena,
            "its weights have only %.1f dB in int8, channels of very different size share a scale: "
            "quantise per channel, or train with weight decay",
            l->weights_sqnr_db);
    if (rms < 4.0 * (double)l->scale)
        return mdg_arena_printf(
            arena,
            "its values are small (rms %.3g) for the step of %.3g, since a few outliers stretch the "
            "range: calibrate with percentile or mse, or train with RELU6",
            rms, (double)l->scale);
    return "errors of several layers add up, or large terms cancel: train longer with weight decay, or keep "
           "it in float";
}

static const char *op_name_of(const comparison *c, int op) {
    return op < 0 ? "input" : mdg_op_name(&c->original->ops[op]);
}

static void add_layer(const comparison *c, int op, int tensor, mdg_arena *arena, mdg_quant_report *r) {
    const tally *sum = &c->tallies[tensor];
    const mdg_tensor *t = &c->quantized->tensors[tensor];
    if (!sum->n) return;
    mdg_quant_layer l = {.op = op,
                         .op_name = op_name_of(c, op),
                         .tensor = tensor,
                         .name = t->name,
                         .seen_lo = sum->lo,
                         .seen_hi = sum->hi,
                         .lo = lowest(t),
                         .hi = highest(t),
                         .scale = t->quant.scale[0],
                         .zero_point = t->quant.zero_point[0],
                         .clipped = (float)((double)sum->n_clipped / (double)sum->n),
                         .sqnr_db = decibels(sum->signal, sum->noise),
                         .weights_sqnr_db = NAN};
    if (op >= 0)
        l.weights_sqnr_db =
            weights_sqnr(c, &c->original->ops[op], writer_of(c->quantized, c->original->ops[op].outputs[0]));
    if (l.sqnr_db < MDG_QUANT_SQNR_LOW_DB) {
        l.warning = cause_of(c, r, &l, sqrt(sum->signal / (double)sum->n), arena);
        r->n_warnings++;
    }
    r->layers[r->n_layers++] = l;
}

static void make_report(const comparison *c, int n_samples, mdg_arena *arena, mdg_quant_report *r) {
    const mdg_subgraph *s = c->original;
    *r = (mdg_quant_report){.n_samples = n_samples};
    r->layers = mdg_arena_array(arena, (size_t)c->original->n_tensors, sizeof *r->layers);
    for (int k = 0; k < s->n_inputs; k++) add_layer(c, -1, s->inputs[k], arena, r);
    for (int i = 0; i < s->n_ops; i++)
        for (int k = 0; k < s->ops[i].n_outputs; k++) add_layer(c, i, s->ops[i].outputs[k], arena, r);
    const tally *output = &c->tallies[s->outputs[0]];
    r->output_sqnr_db = decibels(output->signal, output->noise);
}

mdg_status mdg_quant_measure(const mdg_graph *g, const mdg_graph *quantized, const mdg_calibration *data,
                             mdg_arena *arena, const mdg_progress *progress, mdg_quant_report *out,
                             mdg_diag *diag) {
    comparison c = {.original = g->subgraphs, .quantized = quantized->subgraphs};
    const size_t n = (size_t)c.original->n_tensors;
    mdg_watch original_watch, quantized_watch;
    MDG_TRY(mdg_watch_open(g, arena, &original_watch, diag));
    MDG_TRY(mdg_watch_open(quantized, arena, &quantized_watch, diag));
    c.values = mdg_arena_array(arena, n, sizeof *c.values);
    c.tallies = mdg_arena_array(arena, n, sizeof *c.tallies);
    for (int t = 0; t < c.original->n_tensors; t++)
        if (is_compared(c.original, c.quantized, t))
            c.values[t] = mdg_arena_array(arena, elements_of(&c.original->tensors[t]), sizeof(float));
    MDG_TRY(run_both(&c, &original_watch, &quantized_watch, data, arena, progress, diag));
    make_report(&c, data->n, arena, out);
    return MDG_OK;
}
