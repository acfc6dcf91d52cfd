/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "quant/quantizer.h"

static mdg_status fail_op(const mdg_quantizer *q, int index, const char *cause, mdg_diag *diag) {
    return mdg_fail(diag, MDG_UNSUPPORTED, "%s: op %d %s: %s", q->graph->source, index,
                    mdg_op_name(&q->subgraph->ops[index]), cause);
}

static mdg_status check_op(const mdg_quantizer *q, int index, mdg_diag *diag) {
    const mdg_op *op = &q->subgraph->ops[index];
    const mdg_quant_rule *rule = mdg_quant_rule_of(op);
    if (op->code == MDG_OP_QUANTIZE || op->code == MDG_OP_DEQUANTIZE)
        return fail_op(q, index, "the model is quantised already, at least in part; give the float model",
                       diag);
    if (rule->kind == MDG_QUANT_UNSUPPORTED)
        return fail_op(q, index,
                       "midge has no int8 form of this operator; keep the model in float, or replace the "
                       "layer",
                       diag);
    if (rule->kind != MDG_QUANT_WEIGHTED) return MDG_OK;
    const mdg_tensor *weights = mdg_op_input(q->subgraph, op, rule->weights);
    const mdg_tensor *bias = mdg_op_input(q->subgraph, op, rule->bias);
    if (!weights || !weights->data || weights->type != MDG_FLOAT32 || (bias && !bias->data))
        return fail_op(q, index, "its weights and bias must be float constants to be quantised", diag);
    return MDG_OK;
}

static mdg_status check_tensor(const mdg_quantizer *q, const mdg_tensor *t, mdg_diag *diag) {
    if (t->is_variable)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: tensor '%s' is state, which midge cannot quantise; keep the model in "
                        "float",
                        q->graph->source, t->name);
    if (t->quant.count > 0 || t->type == MDG_INT8)
        return mdg_fail(diag, MDG_INVALID, "%s: tensor '%s' is quantised already; give the float model",
                        q->graph->source, t->name);
    return MDG_OK;
}

static mdg_status check(const mdg_quantizer *q, const mdg_calibration *data, mdg_diag *diag) {
    const char *source = q->graph->source;
    if (q->graph->n_subgraphs != 1)
        return mdg_fail(diag, MDG_UNSUPPORTED,
                        "%s: has %d subgraphs; control flow cannot be quantised, keep the "
                        "model in float",
                        source, q->graph->n_subgraphs);
    if (data->n < 1)
        return mdg_fail(diag, MDG_INVALID,
                        "%s: quantisation needs samples to calibrate with, and there are none", source);
    if (q->opts->percentile < 0.0f || q->opts->percentile > 100.0f)
        return mdg_fail(diag, MDG_INVALID,
                        "calibration percentile %g is not within 0 and 100; usual is 99.99",
                        (double)q->opts->percentile);
    const char *weights = q->opts->weights;
    if (weights && !q->opts->op_bits && strcmp(weights, "int8") != 0 && strcmp(weights, "int4") != 0 &&
        strcmp(weights, "cluster16") != 0)
        return mdg_fail(diag, MDG_INVALID,
                        "weights \"%s\" are not known; known are int8, int4, cluster16, mixed", weights);
    const char *activations = q->opts->activations;
    if (activations && !q->opts->op_bits && strcmp(activations, "int8") != 0 &&
        strcmp(activations, "int16") != 0)
        return mdg_fail(diag, MDG_INVALID, "activations \"%s\" are not known; known are int8, int16, mixed",
                        activations);
    for (int t = 0; t < q->subgraph->n_tensors; t++) MDG_TRY(check_tensor(q, &q->subgraph->tensors[t], diag));
    for (int i = 0; i < q->subgraph->n_ops; i++) MDG_TRY(check_op(q, i, diag));
    return MDG_OK;
}

/* ==== Which methods ==== */

enum { METHODS = 3 };

/* "no" 0, "yes" 1, "auto" 2 */
static mdg_status choice_of(const char *text, const char *option, int *out, mdg_diag *diag) {
    static const char *const names[] = {"no", "yes", "auto"};
    for (*out = 0; *out < 3; (*out)++)
        if (strcmp(text ? text : "no", names[*out]) == 0) return MDG_OK;
    return mdg_fail(diag, MDG_INVALID, "%s \"%s\" is not known; known are no, yes, auto", option, text);
}

static bool *method_of(mdg_quant_methods *m, int i) {
    bool *const all[METHODS] = {&m->equalize, &m->adaptive_rounding, &m->bias_correction};
    return all[i];
}

/* Part of the samples: all, those that methods learn from, or the fourth that judges them. */
typedef struct part {
    const mdg_calibration *all;
    bool judges;
} part;

static int place_of(const part *p, int i) {
    return p->judges ? 4 * i + 3 : i / 3 * 4 + i % 3;
}

static void fill_part(void *context, int i, float *x) {
    const part *p = context;
    p->all->fill(p->all->context, place_of(p, i), x);
}

static mdg_calibration calibration_of(part *p) {
    const int n = p->all->n;
    return (mdg_calibration){.n = p->judges ? n / 4 : n - n / 4, .fill = fill_part, .context = p};
}

typedef struct job {
    const mdg_graph *graph;
    const mdg_quant_opts *opts;
    const mdg_calibration *all, *learn; /* samples for ranges, and for methods */
    mdg_arena *arena;
    const mdg_progress *progress;
    mdg_diag *diag;
} job;

static mdg_status quantize_with(const job *j, mdg_quant_methods methods, mdg_graph **out) {
    mdg_graph *equal = NULL;
    if (methods.equalize) MDG_TRY(mdg_quantizer_equalize(j->graph, j->learn, j->arena, &equal, j->diag));
    const mdg_graph *g = equal ? equal : j->graph;
    mdg_quantizer q = {
        .graph = g, .subgraph = g->subgraphs, .opts = j->opts, .methods = methods, .arena = j->arena};
    q.wide = j->opts->activations && strcmp(j->opts->activations, "int16") == 0;
    MDG_TRY(mdg_quantizer_find_groups(&q, j->diag));
    MDG_TRY(mdg_quantizer_calibrate(&q, j->all, j->progress, j->diag));
    mdg_quantizer_round(&q);
    if (methods.adaptive_rounding || methods.bias_correction)
        MDG_TRY(mdg_quantizer_adapt(&q, j->learn, j->progress, j->diag));
    *out = mdg_quantizer_convert(&q, j->arena);
    return mdg_graph_check(*out, j->diag);
}

static mdg_status judge(const job *j, const mdg_graph *quantized, double *sqnr_db) {
    part judges = {j->all, true};
    const mdg_calibration data = calibration_of(&judges);
    mdg_quant_report report;
    MDG_TRY(mdg_quant_measure(j->graph, quantized, &data, j->arena, j->progress, &report, j->diag));
    *sqnr_db = report.output_sqnr_db;
    return MDG_OK;
}

/* One method after the other is added to those that have proved themselves. */
static mdg_status choose(const job *j, const int *choices, mdg_quant_methods *used, mdg_graph **out) {
    double best, sqnr_db;
    MDG_TRY(quantize_with(j, *used, out));
    MDG_TRY(judge(j, *out, &best));
    for (int i = 0; i < METHODS; i++) {
        mdg_quant_methods trial = *used;
        mdg_graph *quantized;
        if (choices[i] != 2) continue;
        *method_of(&trial, i) = true;
        MDG_TRY(quantize_with(j, trial, &quantized));
        MDG_TRY(judge(j, quantized, &sqnr_db));
        if (!(sqnr_db > best + MDG_QUANT_GAIN_DB)) continue;
        best = sqnr_db;
        *used = trial;
        *out = quantized;
    }
    return MDG_OK;
}

mdg_status mdg_quantize(const mdg_graph *g, const mdg_quant_opts *opts, const mdg_calibration *data,
                        mdg_arena *arena, const mdg_progress *progress, mdg_graph **out, mdg_diag *diag) {
    const mdg_quantizer q = {.graph = g, .subgraph = g->subgraphs, .opts = opts, .arena = arena};
    mdg_quant_methods used = {0};
    int choices[METHODS];
    bool open = false;
    MDG_TRY(check(&q, data, diag));
    MDG_TRY(choice_of(opts->equalize, "equalize", &choices[0], diag));
    MDG_TRY(choice_of(opts->adaptive_rounding, "adaptive_rounding", &choices[1], diag));
    MDG_TRY(choice_of(opts->bias_correction, "bias_correction", &choices[2], diag));
    for (int i = 0; i < METHODS; i++) {
        *method_of(&used, i) = choices[i] == 1;
        open = open || choices[i] == 2;
    }
    open = open && data->n >= 4;
    part learns = {data, false};
    const mdg_calibration some = calibration_of(&learns);
    const job j = {g, opts, data, open ? &some : data, arena, progress, diag};
    MDG_TRY(open ? choose(&j, choices, &used, out) : quantize_with(&j, used, out));
    if (opts->used) *opts->used = used;
    return MDG_OK;
}
