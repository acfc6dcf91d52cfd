/* SPDX-License-Identifier: MIT
 *
 * quantizing.c: the float model of a project to integers.
 */
#include <string.h>

#include "cli/classic.h"
#include "cli/quantizing.h"
#include "cli/reproducing.h"
#include "tflite/tflite.h"

enum { MEASURE_CLIPS = 32 };

static int gcd(int a, int b) {
    return b ? gcd(b, a % b) : a;
}

/* The i-th of n in an order that covers them evenly from the start: a stride near the golden ratio. */
static int spread(int i, int n) {
    int stride = (int)(0.618 * n) | 1;
    while (gcd(stride, n) != 1) stride++;
    return (int)((int64_t)i * stride % n);
}

static void calibration_fill(void *context, int i, float *x) {
    const mdg_pipeline *pl = context;
    const int n = pl->n_of[MDG_SPLIT_TRAIN], wanted = pl->project.calibration_samples;
    /* evenly over the training clips, which are sorted by class, whatever number of them is asked for */
    const int k = wanted < n ? (int)((int64_t)spread(i, wanted) * n / wanted) : spread(i, n);
    mdg_pipeline_input_float(pl, pl->clips_of[MDG_SPLIT_TRAIN][k], x);
    if (mdg_model_reproduces(&pl->project.model)) mdg_reproducing_disturb(i, x, pl->row_values);
}

/* Whether training has rounded the weights as they are asked for. */
static bool is_trained_for(const mdg_pipeline *pl, const mdg_graph *g, const char *weights) {
    const mdg_subgraph *s = g->subgraphs;
    return s->tensors[s->inputs[0]].range && strcmp(pl->project.retrain.weights, weights) == 0;
}

/* With few bits rounding costs so much that it is worth the time to do it well, where training has not. */
static mdg_quant_opts options_of(const mdg_pipeline *pl, const mdg_graph *g) {
    mdg_quant_opts o = pl->project.quantize;
    if (!o.weights) o.weights = strcmp(pl->project.retrain.weights, "int4") == 0 ? "int4" : "int8";
    const bool plain = strcmp(o.weights, "int8") == 0 || is_trained_for(pl, g, o.weights);
    const char *fallback = plain ? "no" : "auto";
    if (!o.equalize) o.equalize = fallback;
    if (!o.bias_correction) o.bias_correction = fallback;
    if (!o.adaptive_rounding) o.adaptive_rounding = fallback;
    return o;
}

static void tell_methods(const mdg_pipeline *pl, const mdg_quant_methods *m) {
    if (m->equalize || m->bias_correction || m->adaptive_rounding)
        mdg_cli_stage(pl->cli, "  with%s%s%s", m->equalize ? " equalized channels" : "",
                      m->adaptive_rounding ? " adaptive rounding" : "",
                      m->bias_correction ? " corrected biases" : "");
}

/* What was learned without a network has integers alone. */
static mdg_status check_classic(mdg_pipeline *pl) {
    mdg_model_file model;
    mdg_program program;
    MDG_TRY(mdg_pipeline_model(pl, "model.tflite", "train", &model));
    MDG_TRY(mdg_model_program(pl->cli, model.graph, &program));
    return mdg_budget_check(&pl->project.budget, &mdg_budget_project, &program, NULL, pl->diag);
}

/* What packed weights take in flash is known when they are compiled for the target. */
static mdg_status check_budget(mdg_pipeline *pl, mdg_graph *quantized) {
    mdg_program program;
    mdg_budget budget = pl->project.budget;
    mdg_model_file model = {.graph = quantized};
    if (strcmp(pl->quantizing.weights, "int8") != 0) budget.flash = 0;
    MDG_TRY(mdg_pipeline_stream(pl, &model));
    MDG_TRY(mdg_model_program(pl->cli, model.graph, &program));
    return mdg_budget_check(&budget, &mdg_budget_project, &program, NULL, pl->diag);
}

mdg_status mdg_pipeline_quantize(mdg_pipeline *pl) {
    if (mdg_pipeline_is_classic(pl)) return check_classic(pl);
    mdg_model_file model;
    mdg_quantizing *q = &pl->quantizing;
    mdg_graph *quantized;
    MDG_TRY(mdg_pipeline_model(pl, "model_float.tflite", "train", &model));
    MDG_TRY(mdg_pipeline_data(pl, false));
    mdg_quant_opts opts = options_of(pl, model.graph);
    opts.used = &q->used;
    q->weights = opts.weights;
    const int n = pl->n_of[MDG_SPLIT_TRAIN], wanted = pl->project.calibration_samples;
    const mdg_calibration data = {.n = wanted < n ? wanted : n, .fill = calibration_fill, .context = pl};
    mdg_calibration few = data;
    if (few.n > MEASURE_CLIPS) few.n = MEASURE_CLIPS;
    mdg_cli_stage(pl->cli, "quantising to %s with %d clips", opts.weights, data.n);
    MDG_TRY(mdg_quantizing_decide(pl, model.graph, &q->original));
    if (strcmp(opts.weights, "mixed") == 0 || (opts.activations && strcmp(opts.activations, "mixed") == 0))
        MDG_TRY(mdg_quantizing_mix(pl, model.graph, &data, &opts));
    MDG_TRY(mdg_quantize(model.graph, &opts, &data, pl->arena, &pl->cli->progress, &quantized, pl->diag));
    tell_methods(pl, &q->used);
    quantized->description = model.graph->description;
    MDG_TRY(check_budget(pl, quantized));
    MDG_TRY(
        mdg_quant_measure(model.graph, quantized, &few, pl->arena, &pl->cli->progress, &pl->quant, pl->diag));
    MDG_TRY(mdg_quantizing_decide(pl, quantized, &q->decided));
    q->warning = mdg_quantizing_warning(pl);
    if (q->warning) mdg_cli_stage(pl->cli, "warning: %s", q->warning);
    MDG_TRY(mdg_json_save(mdg_quantizing_json(pl), mdg_pipeline_file(pl, "quantize.json"), pl->diag));
    return mdg_tflite_save(quantized, mdg_pipeline_file(pl, "model.tflite"), pl->diag);
}
